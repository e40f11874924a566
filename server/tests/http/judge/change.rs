//! A judge is chosen, or none.

use serde_json::{Value, json};

use crate::models::current_model;
use crate::support::{TestApp, choose_judge, on_both_databases};

on_both_databases!(a_judge_is_chosen_and_taken_back);

async fn a_judge_is_chosen_and_taken_back(app: &TestApp) {
    let api = app.admin().await.program().await;
    let simulator = current_model(&api, "simulator").await;
    choose_judge(&api, "simulator").await;
    assert_eq!(api.get("/judge").await.expect(200)["model_id"], simulator);
    let none = json!({"model_id": null});
    let changed = api.put("/judge", &none).await.expect(200);
    assert_eq!(changed["model_id"], Value::Null);
    let unknown = json!({"model_id": 999_999});
    let refused = api.put("/judge", &unknown).await;
    assert_eq!(refused.wrong_fields(), ["model_id"]);
    assert_eq!(api.get("/judge").await.expect(200)["model_id"], Value::Null);
}
