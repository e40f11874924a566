//! The judge, and who could be it.

use serde_json::Value;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(at_first_nobody_judges_and_every_choice_says_whether_it_can);

async fn at_first_nobody_judges_and_every_choice_says_whether_it_can(app: &TestApp) {
    let api = app.admin().await.program().await;
    let shown = api.get("/judge").await.expect(200);
    assert_eq!(shown["model_id"], Value::Null);
    let choices = shown["choices"].as_array().expect("choices");
    assert!(!choices.is_empty());
    for choice in choices {
        assert!(choice["model_id"].is_i64(), "{choice}");
        assert!(choice["is_usable"].is_boolean(), "{choice}");
    }
}
