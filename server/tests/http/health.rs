//! Whether the host is well. What it tells strangers is tried in `all_routes/capabilities.rs`.

use serde_json::json;

use crate::support::{TestApp, keys, on_both_databases};

on_both_databases!(admins_see_besides_what_is_in_the_host);

async fn admins_see_besides_what_is_in_the_host(app: &TestApp) {
    let ana = app.admin().await;
    ana.make_project("Watch").await;
    let key = json!({"openai_api_key": "sk-0123456789"});
    ana.put("/api-keys", &key).await.expect(200);
    let health = ana.get("/health").await.expect(200);
    assert_eq!(
        (&health["success"], &health["database"]),
        (&json!(true), &json!("connected"))
    );
    assert_eq!(health["active_projects"], 1);
    assert_eq!(health["api_keys_configured"], true);
    assert_eq!(
        keys(&health["api_keys"]),
        ["anthropic", "google", "openai", "perplexity"]
    );
}
