//! The difference that was shown is booked.

use serde_json::{Value, json};

use super::past_of_a_model;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(only_the_difference_that_was_shown_is_booked);

async fn only_the_difference_that_was_shown_is_booked(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = past_of_a_model(&api).await;
    let book = async |usd: Value| {
        let body = json!({"difference_usd": usd});
        api.post(&path, &body).await
    };
    book(json!(0)).await.expect(200);
    book(json!(5)).await.problem(409);
    assert_eq!(book(json!("much")).await.wrong_fields(), ["difference_usd"]);
}
