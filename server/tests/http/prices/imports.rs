//! Prices from files, and prices that begin on a day.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::models::{change_model, one};
use crate::support::{
    Caller, PASSWORD, Setup, TestApp, all_named, named, on_both_databases, with_sqlite,
};

const ROW: &str = "model_id provider slug name keys price_id old new flags refusal";

async fn preview(caller: &Caller<'_>, file: &Value) -> Value {
    let arguments = json!({"text": file.to_string()});
    let preview = caller.call("models/import-preview", &arguments).await;
    let mut preview = preview.expect(200);
    preview["rows"] = all_named(&preview["rows"], ROW);
    preview
}

fn choice(row: &Value) -> Value {
    json!([row["model_id"], row["price_id"], row["new"]])
}

fn file() -> Value {
    json!({"models": [
        {"provider": "openai", "model_id": "gpt-5", "input": 1.5, "output": 12},
        {"provider": "openai", "model_id": "gpt-6-luna", "input": -1},
        {"provider": "openai", "model_id": "gpt-6-astra", "output": 20_000},
        {"provider": "anthropic", "model_id": "claude-sonnet-4-5", "input": 4},
        {"provider": "anthropic", "model_id": "claude-sonnet-4-5", "input": 5},
        {"provider": "google", "model_id": "gemini-2.5-flash", "input": 0.3, "output": 2.5},
        {"provider": "google", "model_id": "gemini-9", "input": 1, "output": 2},
        {"provider": "bard", "model_id": "bard", "input": 1, "output": 2},
    ]})
}

async fn are_shown_and_accepted_row_by_row(app: &TestApp) {
    let ana = app.admin().await;
    let before = app.count("llm_model_prices").await;
    let shown = preview(&ana, &file()).await;
    assert_eq!(
        (&shown["format"], &shown["unchanged"], &shown["unknown"]),
        (&json!("parallax"), &json!(1), &json!(2))
    );
    let rows = shown["rows"].as_array().expect("rows");
    let find = |slug: &str| rows.iter().find(|row| row["slug"] == slug).expect("a row");
    assert_eq!(find("gpt-6-luna")["refusal"], "negative");
    assert_eq!(find("gpt-6-astra")["refusal"], "too_high");
    let twice = find("claude-sonnet-4-5");
    assert_eq!(
        (&twice["refusal"], twice["keys"].as_array().map(Vec::len)),
        (&json!("duplicate"), Some(2))
    );
    assert_eq!(find("gpt-5")["flags"], json!([]));
    assert_eq!(
        app.count("llm_model_prices").await,
        before,
        "a look writes nothing"
    );

    let accept = async |choices: Value| {
        ana.call("models/import-accept", &json!({"choices": choices}))
            .await
    };
    // With one that is refused nothing is written, whatever the screen let through.
    for bad in ["gpt-6-luna", "gpt-6-astra"] {
        accept(json!([choice(find("gpt-5")), choice(find(bad))]))
            .await
            .expect(422);
    }
    accept(json!([choice(find("gpt-5")), choice(find("gpt-5"))]))
        .await
        .expect(422);
    assert_eq!(app.count("llm_model_prices").await, before);
    assert_eq!(accept(json!([choice(find("gpt-5"))])).await.expect(200), 1);
    let model = one(&ana, "gpt-5").await;
    let price = named(
        &model["price"],
        "id input output cached_input search_fee starts_at origin",
    );
    assert_eq!(
        (&price["output"], &price["origin"]),
        (&json!(12_000_000_000_i64), &json!("sync"))
    );
    assert_eq!(
        price["cached_input"], 125_000_000,
        "what the file leaves out stays"
    );
    // The price that was shown holds no more: it has to be looked at again.
    accept(json!([choice(find("gpt-5"))])).await.expect(409);
    // What is typed by hand is flagged from then on.
    change_model(&ana, &model, json!({"price": {"output": "11"}}))
        .await
        .expect(200);
    let again = preview(&ana, &file()).await;
    let row = again["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["slug"] == "gpt-5")
        .cloned();
    assert_eq!(row.expect("a row")["flags"], json!(["hand_edited"]));
}

on_both_databases!(are_shown_and_accepted_row_by_row);

#[tokio::test]
async fn may_be_large_and_are_for_admins_only() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let mut large = file();
        large["comment"] = json!("\"".repeat(5 * 1024 * 1024));
        let text = json!({"text": large.to_string()}).to_string();
        assert!(text.len() > 20 * 1024 * 1024);
        let path = "/api/fn/models/import-preview";
        ana.send(Method::POST, path, Body::from(text.clone()))
            .await
            .expect(200);
        // Nobody else's is read beyond what any call may have.
        ben.send(Method::POST, path, Body::from(text.clone()))
            .await
            .expect(403);
        app.nobody()
            .send(Method::POST, path, Body::from(text.clone()))
            .await
            .expect(401);
        let other = "/api/fn/models/import-accept";
        ana.send(Method::POST, other, Body::from(text.clone()))
            .await
            .expect(413);
        let larger = Body::from(format!("{text}{}", " ".repeat(8 * 1024 * 1024)));
        ana.send(Method::POST, path, larger).await.expect(413);
        ben.call("models/import-preview", &json!({"text": "{}"}))
            .await
            .expect(403);
        ben.call("models/import-accept", &json!({"choices": []}))
            .await
            .expect(403);
        ben.call("models/review", &json!({"model_id": 1, "approve": false}))
            .await
            .expect(403);
        ben.call("models/changes", &json!({})).await.expect(403);
        ben.call("models/retiring", &json!({})).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn that_cannot_be_read_say_where() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        for (text, words) in [
            ("{\n\"models\": oops}", "line 2"),
            ("{\"hello\": {}}", "litellm"),
            ("{\"models\": []}", "no prices"),
        ] {
            let refused = ana
                .call("models/import-preview", &json!({"text": text}))
                .await
                .expect(422);
            let message = refused["fields"][0]["message"].as_str().expect("a message");
            assert!(message.contains(words), "{text}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn begin_on_a_day_that_is_typed() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let model = one(&ana, "gpt-5").await;
        let day = (chrono::Utc::now() + chrono::TimeDelta::days(30))
            .date_naive()
            .to_string();
        let price = json!({"price": {"output": "20", "starts_on": day}});
        let changed = change_model(&ana, &model, price).await.expect(200);
        assert_eq!(changed["price"], model["price"], "it has not begun");
        app.pass(chrono::Duration::days(31));
        let ana = app.nobody().with("cookie", &sign_in(app).await);
        assert_eq!(one(&ana, "gpt-5").await["price"][2], 20_000_000_000_i64);
        for wrong in ["soon", "2026-13-01", "1999-01-01"] {
            let refused = change_model(
                &ana,
                &model,
                json!({"price": {"output": "20", "starts_on": wrong}}),
            )
            .await;
            assert_eq!(
                refused.expect(422)["fields"][0]["field"],
                "price.starts_on",
                "{wrong}"
            );
        }
    })
    .await;
}

async fn sign_in(app: &TestApp) -> String {
    let draft = json!({"draft": {"email": "admin@example.com", "password": PASSWORD}});
    app.nobody()
        .call("accounts/sign-in", &draft)
        .await
        .session_cookie()
}
