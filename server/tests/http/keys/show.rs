//! Which providers have a key.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(which_providers_have_a_key_is_shown_and_no_key);

async fn which_providers_have_a_key_is_shown_and_no_key(app: &TestApp) {
    let api = app.admin().await.program().await;
    let none = api.get("/api-keys").await.expect(200);
    assert_eq!(none["configured"], false);
    let key = json!({"openai_api_key": "sk-secret-openai-0001"});
    api.put("/api-keys", &key).await.expect(200);
    let shown = api.get("/api-keys").await;
    assert!(!String::from_utf8_lossy(&shown.body).contains("secret"));
    let shown = shown.expect(200);
    assert_eq!(shown["configured"], true);
    assert_eq!(
        (
            &shown["api_keys"]["openai"],
            &shown["api_keys"]["anthropic"]
        ),
        (&json!(true), &json!(false))
    );
}
