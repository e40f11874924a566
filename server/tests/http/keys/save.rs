//! API keys by REST: stored together or not at all, never given out.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    keys_are_stored_sealed_and_never_returned,
    one_wrong_field_and_nothing_is_stored,
    how_many_asks_a_key_takes_at_once_is_set_at_both_doors
);

async fn keys_are_stored_sealed_and_never_returned(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let none = ana.get("/api-keys").await.expect(200);
    assert_eq!(
        (&none["configured"], &none["api_keys"]["openai"]),
        (&json!(false), &json!(false))
    );

    let keys = json!({
        "openai_api_key": "sk-secret-openai-0001", "anthropic_api_key": "sk-secret-anthropic-0002",
        "google_api_key": "", "perplexity_api_key": null, "openai_base_url": "http://127.0.0.1:9/v1",
        "monthly_budget_usd": 42.5, "spending_alert_threshold": 90, "simulator_api_key": 7,
    });
    let saved = ana.post("/api-keys", &keys).await;
    saved.expect(200);
    assert!(!String::from_utf8_lossy(&saved.body).contains("secret"));
    let shown = ana.get("/api-keys").await;
    assert!(!String::from_utf8_lossy(&shown.body).contains("secret"));
    let shown = shown.expect(200);
    assert_eq!(shown["configured"], true);
    let has = |provider: &str| shown["api_keys"][provider].as_bool().expect("yes or no");
    assert_eq!(
        [
            has("openai"),
            has("anthropic"),
            has("google"),
            has("perplexity")
        ],
        [true, true, false, false]
    );
    assert_eq!(shown["budget"]["monthly_budget_usd"], 42.5);
    assert_eq!(shown["budget"]["spending_alert_threshold"], 90);
    let health = ana.get("/health").await.expect(200);
    assert_eq!(
        (&health["api_keys"]["openai"], &health["api_keys"]["google"]),
        (&json!(true), &json!(false))
    );

    let listed = ana.call("keys/list", &json!({})).await.expect(200);
    assert_eq!(
        (&listed[0]["last_four"], &listed[0]["base_url"]),
        (&json!("0001"), &json!("http://127.0.0.1:9/v1"))
    );
    // A new key for the same provider keeps the address that is not mentioned.
    ana.put(
        "/api-keys",
        &json!({"openai_api_key": "sk-secret-openai-0003"}),
    )
    .await
    .expect(200);
    let listed = ana.call("keys/list", &json!({})).await.expect(200);
    assert_eq!(
        (&listed[0]["last_four"], &listed[0]["base_url"]),
        (&json!("0003"), &json!("http://127.0.0.1:9/v1"))
    );
    // Another address gets no key that was typed for this one.
    let moved = ana
        .put(
            "/api-keys",
            &json!({"openai_base_url": "http://elsewhere.example/v1"}),
        )
        .await;
    assert_eq!(moved.wrong_fields(), ["openai_api_key"]);
}

async fn one_wrong_field_and_nothing_is_stored(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    for (wrong, field) in [
        (json!({"google_api_key": "short"}), "google_api_key"),
        (
            json!({"google_api_key": "has a space in it"}),
            "google_api_key",
        ),
        (json!({"google_api_key": "x".repeat(513)}), "google_api_key"),
        (json!({"google_api_key": 12_345_678}), "google_api_key"),
        (
            json!({"google_base_url": "ftp://x.example"}),
            "google_base_url",
        ),
        (
            json!({"google_api_key": "AI-0123456789", "google_base_url": "https://user:pw@x.example"}),
            "google_base_url",
        ),
        (json!({"azure_api_key": "az-0123456789"}), "azure_base_url"),
        (json!({"monthly_budget_usd": -1}), "monthly_budget_usd"),
        (
            json!({"monthly_budget_usd": 1_000_001}),
            "monthly_budget_usd",
        ),
        (json!({"monthly_budget_usd": "a lot"}), "monthly_budget_usd"),
        (json!({"monthly_budget_usd": true}), "monthly_budget_usd"),
        (json!({"monthly_budget_usd": [1]}), "monthly_budget_usd"),
        (
            json!({"spending_alert_threshold": 0}),
            "spending_alert_threshold",
        ),
        (
            json!({"spending_alert_threshold": 101}),
            "spending_alert_threshold",
        ),
        (
            json!({"spending_alert_threshold": "80 %"}),
            "spending_alert_threshold",
        ),
    ] {
        let mut body = json!({"openai_api_key": "sk-0123456789", "monthly_budget_usd": 5});
        body.as_object_mut()
            .expect("an object")
            .extend(wrong.as_object().expect("an object").clone());
        let fields = ana.post("/api-keys", &body).await.wrong_fields();
        assert!(
            fields.iter().any(|name| name == field),
            "{wrong}: {fields:?}"
        );
        assert_eq!(app.count("user_llm_api_keys").await, 0, "{wrong}");
    }
    let budget = ana.get("/budget").await.expect(200);
    assert_eq!(budget["budget"]["monthly_budget_usd"], 100);
    for text in [
        "[]",
        "null",
        "{\"openai_api_key\": \"sk",
        "{\"monthly_budget_usd\": 01}",
    ] {
        let refused = ana
            .send(
                Method::PUT,
                "/api/llm-monitoring/api-keys",
                Body::from(text),
            )
            .await;
        refused.problem(400);
    }
}

async fn how_many_asks_a_key_takes_at_once_is_set_at_both_doors(app: &TestApp) {
    let ana = app.admin().await;
    ana.put(
        "/api-keys",
        &json!({"openai_api_key": "sk-0123456789", "openai_max_in_flight": 5}),
    )
    .await
    .expect(200);
    let limit =
        async || ana.call("keys/list", &json!({})).await.expect(200)[0]["max_in_flight"].clone();
    assert_eq!(limit().await, 5);
    ana.put("/api-keys", &json!({"openai_api_key": "sk-0123456780"}))
        .await
        .expect(200);
    assert_eq!(limit().await, 5, "what is not mentioned stays");
    for wrong in [json!(0), json!("many"), json!(1.5), json!([1])] {
        let fields = ana
            .put("/api-keys", &json!({"openai_max_in_flight": wrong}))
            .await
            .wrong_fields();
        assert_eq!(fields, ["openai_max_in_flight"], "{wrong}");
    }
    let draft = |limit: &str| json!({"draft": {"provider": "openai", "api_key": null, "base_url": "", "max_in_flight": limit}});
    let told = ana.call("keys/save", &draft("0")).await.expect(422);
    assert_eq!(told["fields"][0]["field"], "max_in_flight");
    ana.call("keys/save", &draft("")).await.expect(200);
    assert_eq!(limit().await, Value::Null);
    // A limit alone makes no key.
    let alone = ana
        .put("/api-keys", &json!({"google_max_in_flight": 3}))
        .await
        .wrong_fields();
    assert_eq!(alone, ["google_api_key"]);
}
