//! A look at the providers' models, started from outside.

use axum::http::Method;
use serde_json::json;

use super::operator;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(only_the_operator_has_models_looked_for);

async fn only_the_operator_has_models_looked_for(app: &TestApp) {
    let ana = app.admin().await;
    let models = operator(app)
        .rest(Method::POST, "/cron/model-discovery", None)
        .await
        .expect(200);
    assert_eq!(models["ok"], false, "nobody has a key: {models}");
    ana.post("/cron/model-discovery", &json!({}))
        .await
        .problem(401);
}
