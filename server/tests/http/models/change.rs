//! Changes of a model, its price among them.

use axum::http::Method;
use serde_json::{Value, json};

use super::{current_model, one};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_price_keeps_all_its_digits_and_the_older_one_stays,
    a_provider_is_not_left_without_a_current_model,
    a_price_of_long_asks_is_set_shown_and_taken_away,
    how_many_asks_it_takes_at_once_is_set_at_both_doors
);

async fn a_price_keeps_all_its_digits_and_the_older_one_stays(app: &TestApp) {
    let api = app.admin().await.program().await;
    let id = current_model(&api, "openai").await;
    // As a float this would be 0.12345678900000001.
    let text = r#"{"cost_per_1m_input_tokens": 0.123456789, "cost_per_1m_output_tokens": "4.5", "max_tokens": 4096}"#;
    let changed = api
        .send(
            Method::PUT,
            &format!("/api/llm-monitoring/models/{id}"),
            text.into(),
        )
        .await;
    let changed = changed.expect(200);
    assert_eq!(
        (
            &changed["model"]["price_origin"],
            &changed["model"]["max_tokens"]
        ),
        (&json!("user"), &json!(4096))
    );
    let price = app
        .store
        .model(id.into())
        .await
        .expect("a model")
        .price
        .expect("a price");
    assert_eq!(
        (price.input.nanos(), price.output.nanos()),
        (123_456_789, 4_500_000_000)
    );
    // The older price stays for the answers that were costed with it.
    assert_eq!(
        app.store
            .price_history(id.into())
            .await
            .expect("prices")
            .len(),
        2
    );
}

async fn a_provider_is_not_left_without_a_current_model(app: &TestApp) {
    let api = app.admin().await.program().await;
    let id = current_model(&api, "openai").await;
    api.put(&format!("/models/{id}"), &json!({"is_current": false}))
        .await
        .problem(409);
}

async fn a_price_of_long_asks_is_set_shown_and_taken_away(app: &TestApp) {
    let ana = app.admin().await;
    let opus = one(&ana, "claude-opus-5-5").await;
    let path = format!("/models/{}", opus["id"]);
    let put = async |above: Value| {
        let told = ana.put(&path, &json!({"price_above": above})).await;
        told.expect(200)["model"]["price_above"].clone()
    };
    for (incomplete, field) in [
        (json!({"input_tokens": 200_000}), "price_above.input_tokens"),
        (
            json!({"cost_per_1m_input_tokens": "8"}),
            "price_above.input_tokens",
        ),
        (json!({"input_tokens": -1}), "price_above.input_tokens"),
        (
            json!({"input_tokens": 1, "cost_per_1m_input_tokens": "x", "cost_per_1m_output_tokens": 1}),
            "price_above.cost_per_1m_input_tokens",
        ),
    ] {
        let refused = ana.put(&path, &json!({"price_above": incomplete})).await;
        assert_eq!(refused.wrong_fields(), [field], "{incomplete}");
    }
    let whole = json!({"input_tokens": 200_000, "cost_per_1m_input_tokens": "8", "cost_per_1m_output_tokens": 30});
    let mut said = put(whole).await;
    assert_eq!(
        (&said["input_tokens"], &said["cost_per_1m_output_tokens"]),
        (&json!(200_000), &json!(30))
    );
    // What is left out stays, in a new price of short asks too.
    said = put(json!({"input_tokens": 100_000})).await;
    assert_eq!(said["cost_per_1m_input_tokens"], 8);
    let dearer = ana
        .put(&path, &json!({"cost_per_1m_input_tokens": 5}))
        .await;
    assert_eq!(dearer.expect(200)["model"]["price_above"], said);
    assert_eq!(put(json!({"input_tokens": 0})).await, Value::Null);
}

async fn how_many_asks_it_takes_at_once_is_set_at_both_doors(app: &TestApp) {
    let ana = app.admin().await;
    let model = current_model(&ana, "openai").await;
    let path = format!("/models/{model}");
    assert_eq!(
        ana.put(&path, &json!({"max_in_flight": 12}))
            .await
            .expect(200)["model"]["max_in_flight"],
        12
    );
    for wrong in [0, -1, 10_001] {
        let fields = ana
            .put(&path, &json!({"max_in_flight": wrong}))
            .await
            .wrong_fields();
        assert_eq!(fields, ["max_in_flight"]);
        let change = json!({"model_id": model, "change": {"max_in_flight": wrong}});
        let told = ana.call("models/change", &change).await.expect(422);
        assert_eq!(told["fields"][0]["field"], "max_in_flight");
    }
    let list = ana.get("/models").await.expect(200);
    let kept = list["models"]
        .as_array()
        .expect("models")
        .iter()
        .find(|row| row["id"] == model);
    assert_eq!(kept.expect("the model")["max_in_flight"], 12);
}
