//! Models that are approved, and what it takes.

use serde_json::json;

use super::{
    actions, added_model, change_model, check_lists, decide_on, one, price_model, review_model,
    store_key,
};
use crate::support::{Simulated, TestApp, on_both_databases};

on_both_databases!(
    what_has_no_price_cannot_be_used,
    what_was_decided_at_the_screen_stays_so
);

async fn what_has_no_price_cannot_be_used(app: &TestApp) {
    let api = app.admin().await.program().await;
    let added = added_model(&api).await;
    decide_on(&api, &added, "reject").await.expect(200);
    decide_on(&api, &added, "approve").await.problem(409);
    price_model(&api, &added).await;
    let approved = decide_on(&api, &added, "approve").await.expect(200);
    assert_eq!(approved["model"]["review"], "approved");
    api.post("/models/999999/approve", &json!({}))
        .await
        .problem(404);
}

async fn what_was_decided_at_the_screen_stays_so(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    store_key(&ana, "openai", &simulated.origin).await;
    check_lists(&ana).await;
    let model = one(&ana, "gpt-5.4").await;
    let told = review_model(&ana, &model, true).await.expect(409);
    assert!(
        told["message"]
            .as_str()
            .is_some_and(|message| message.contains("price"))
    );
    change_model(
        &ana,
        &model,
        json!({"price": {"input": "2", "output": "8"}}),
    )
    .await
    .expect(200);
    let approved = review_model(&ana, &model, true).await.expect(200);
    assert_eq!(
        (&approved["review"], &approved["is_available"]),
        (&json!("approved"), &json!(true))
    );
    let other = one(&ana, "gpt-4o").await;
    let rejected = review_model(&ana, &other, false).await.expect(200);
    assert_eq!(rejected["review"], "rejected");
    // What was decided stays so at the next check.
    check_lists(&ana).await;
    assert_eq!(one(&ana, "gpt-4o").await["review"], "rejected");
    assert_eq!(
        actions(&ana).await[..4],
        ["rejected", "available", "approved", "price"]
    );
    let history = ana
        .call("models/prices", &json!({"model_id": model["id"]}))
        .await
        .expect(200);
    assert_eq!(history[0][1], "admin@example.com");
}
