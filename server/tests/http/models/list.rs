//! The registry of models.

use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_provider_has_one_current_model_with_its_price);

async fn a_provider_has_one_current_model_with_its_price(app: &TestApp) {
    let api = app.admin().await.program().await;
    let current = api
        .get("/models?provider=openai&is_current=true")
        .await
        .expect(200);
    assert_eq!(current["total"], 1);
    let model = &current["models"][0];
    let owed = [
        "id",
        "llm_provider",
        "model_id",
        "model_display_name",
        "cost_per_1m_input_tokens",
        "cost_per_1m_output_tokens",
        "max_tokens",
        "is_current",
        "is_available",
    ];
    for field in owed {
        assert!(model.get(field).is_some(), "{field} is missing");
    }
}
