//! The weekly look at the providers' models.

use serde_json::Value;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(the_look_at_models_is_of_no_project);

async fn the_look_at_models_is_of_no_project(app: &TestApp) {
    let api = app.admin().await.program().await;
    let models = api.get("/schedule/models").await.expect(200);
    assert_eq!(models["job"]["project_id"], Value::Null);
}
