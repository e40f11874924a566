//! Models that are added to the registry.

use serde_json::json;

use super::added_model;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_new_model_is_not_available_and_there_once,
    a_model_is_added_with_its_limit
);

async fn a_new_model_is_not_available_and_there_once(app: &TestApp) {
    let api = app.admin().await.program().await;
    let added = added_model(&api).await;
    assert_eq!(
        (&added["is_available"], &added["model_display_name"]),
        (&json!(false), &json!("gpt-9-demo"))
    );
    let fresh = json!({"llm_provider": "openai", "model_id": "gpt-9-demo"});
    let twice = api.post("/models", &fresh).await;
    assert_eq!(twice.wrong_fields(), ["model_id"]);
}

async fn a_model_is_added_with_its_limit(app: &TestApp) {
    let ana = app.admin().await;
    let new = |id: &str| json!({"llm_provider": "openai", "model_id": id});
    let made = ana.post("/models", &new("gpt-7")).await.expect(201);
    assert_eq!(made["model"]["max_tokens"], 16_000);
    let mut limited = new("gpt-7-mini");
    limited["max_tokens"] = json!(5_000);
    let made = ana.post("/models", &limited).await.expect(201);
    assert_eq!(made["model"]["max_tokens"], 5_000);
    limited["max_tokens"] = json!(15);
    limited["model_id"] = json!("gpt-7-nano");
    let refused = ana.post("/models", &limited).await;
    assert_eq!(refused.wrong_fields(), ["max_tokens"]);
}
