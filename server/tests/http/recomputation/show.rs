//! The difference, before it is booked.

use serde_json::json;

use super::past_of_a_model;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(without_answers_there_is_no_difference);

async fn without_answers_there_is_no_difference(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = past_of_a_model(&api).await;
    let found = api.get(&path).await.expect(200);
    assert_eq!(
        (&found["answers"], &found["difference_usd"]),
        (&json!(0), &json!(0))
    );
    let long = path.replace("start_date=2026-01-01", "start_date=2024-06-30");
    assert_eq!(api.get(&long).await.wrong_fields(), ["end_date"]);
}
