//! Prices that were offered and are accepted.

use serde_json::{Value, json};

use super::previewed;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(what_was_offered_is_written_once);

async fn what_was_offered_is_written_once(app: &TestApp) {
    let api = app.admin().await.program().await;
    let before = app.count("llm_model_prices").await;
    let shown = previewed(&api).await;
    let offer = &shown["offers"][0];
    let choice = |input: Value| {
        json!({"prices": [{
            "model_id": offer["model_id"], "price_id": offer["price_id"],
            "cost_per_1m_input_tokens": input, "cost_per_1m_output_tokens": 12,
        }]})
    };
    for wrong in [json!("x"), json!(-1), json!(1e30)] {
        let told = api.post("/prices", &choice(wrong)).await;
        assert_eq!(told.wrong_fields(), ["prices"]);
    }
    let written = api.post("/prices", &choice(json!("1.5"))).await.expect(200);
    assert_eq!(written["written"], 1);
    // The row that was shown is not the present one any more.
    api.post("/prices", &choice(json!("1.6")))
        .await
        .problem(409);
    assert_eq!(app.count("llm_model_prices").await, before + 1);
}
