//! One ask before a model becomes current.

use serde_json::{Value, json};

use super::{change_model, one, store_key};
use crate::support::{Setup, Simulated, TestApp, on_both_databases, with_sqlite};

const BOOKED: &str =
    "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'trial' AND run_id IS NULL";
const PAID: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_ledger";
const OPEN: &str = "SELECT COUNT(*) FROM llm_spend_reservations";

fn current() -> Value {
    json!({"is_current": true})
}

async fn come_before_a_model_is_current(app: &TestApp) {
    let ana = app.admin().await;
    let luna = one(&ana, "gpt-6-luna").await;
    let before = one(&ana, "gpt-6.1-sol").await;
    // Without a key there is nobody to ask.
    let told = change_model(&ana, &luna, current()).await.expect(409);
    assert!(
        told["message"]
            .as_str()
            .is_some_and(|message| message.contains("ChatGPT"))
    );
    let simulated = Simulated::start("").await;
    store_key(&ana, "openai", &simulated.origin).await;
    let changed = change_model(&ana, &luna, current()).await.expect(200);
    assert_eq!(changed["is_current"], true);
    assert_eq!(one(&ana, "gpt-6.1-sol").await["is_current"], false);
    assert_eq!((app.number(BOOKED).await, app.number(OPEN).await), (1, 0));
    assert!(app.number(PAID).await > 0);
    // Again is no change, and costs nothing.
    change_model(&ana, &luna, current()).await.expect(200);
    assert_eq!(app.number(BOOKED).await, 1);
    // A model without a price is not even tried, nor one that is switched off.
    let added = json!({"draft": {"provider": "openai", "model_id": "missing-1", "display_name": "", "web_search": false}});
    let missing = ana.call("models/add", &added).await.expect(200);
    change_model(&ana, &missing, current()).await.expect(409);
    assert_eq!(app.number(BOOKED).await, 1);
    // One that its provider does not know changes nothing, price included.
    let all =
        json!({"is_current": true, "is_available": true, "price": {"input": "1", "output": "1"}});
    let refused = change_model(&ana, &missing, all).await.expect(503);
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|message| message.contains("missing-1")),
        "{refused}"
    );
    let missing = one(&ana, "missing-1").await;
    assert_eq!(
        (&missing["is_available"], &missing["price"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(one(&ana, "gpt-6-luna").await["is_current"], true);
    assert_eq!(app.number(OPEN).await, 0);
    // By REST it is the same.
    let id = before["id"].as_i64().expect("an id");
    ana.put(&format!("/models/{id}"), &current())
        .await
        .expect(200);
    assert_eq!(app.number(BOOKED).await, 2);
}

on_both_databases!(come_before_a_model_is_current);

#[tokio::test]
async fn stay_inside_the_budget_and_say_why_they_fail() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let simulated = Simulated::start("401=1").await;
        store_key(&ana, "openai", &simulated.origin).await;
        let luna = one(&ana, "gpt-6-luna").await;
        ana.put("/budget", &json!({"monthly_budget_usd": 0}))
            .await
            .expect(200);
        change_model(&ana, &luna, current()).await.expect(409);
        ana.put("/budget", &json!({"monthly_budget_usd": 1}))
            .await
            .expect(200);
        let told = change_model(&ana, &luna, current()).await.expect(503);
        assert!(
            told["message"]
                .as_str()
                .is_some_and(|message| message.contains("GPT-6 Luna")),
            "{told}"
        );
        assert_eq!(one(&ana, "gpt-6-luna").await["is_current"], false);
        assert_eq!(app.number(OPEN).await, 0);
        // The simulator answers without a key.
        let second = one(&ana, "simulator-2").await;
        change_model(&ana, &second, current()).await.expect(200);
    })
    .await;
}
