//! Keys that are forgotten.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_providers_key_is_forgotten);

async fn a_providers_key_is_forgotten(app: &TestApp) {
    let api = app.admin().await.program().await;
    let key = json!({"openai_api_key": "sk-0123456789"});
    api.put("/api-keys", &key).await.expect(200);
    let removed = api.delete("/api-keys?provider=openai").await.expect(200);
    assert_eq!(removed["api_keys"]["openai"], false);
    assert_eq!(api.delete("/api-keys").await.wrong_fields(), ["provider"]);
    assert_eq!(
        api.delete("/api-keys?provider=bard").await.wrong_fields(),
        ["provider"]
    );
}
