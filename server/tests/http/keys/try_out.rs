//! Keys that are tried.

use serde_json::json;

use crate::support::{Simulated, TestApp, on_both_databases};

on_both_databases!(a_stored_key_is_tried);

async fn a_stored_key_is_tried(app: &TestApp) {
    let ana = app.admin().await;
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    let api = ana.program().await;
    let tested = api
        .post("/api-keys/test", &json!({"provider": "openai"}))
        .await;
    let tested = tested.expect(200);
    assert_eq!(tested["accepted"], true, "{tested}");
    assert!(tested["models"].as_i64() > Some(0), "{tested}");
    // Who has no key has none to be tried.
    let other = api
        .post("/api-keys/test", &json!({"provider": "google"}))
        .await;
    other.problem(404);
}
