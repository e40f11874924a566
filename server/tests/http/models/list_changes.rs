//! What was done to the registry, by whom.

use serde_json::Value;

use super::{added_model, decide_on, price_model};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(each_change_is_told_with_who_made_it);

async fn each_change_is_told_with_who_made_it(app: &TestApp) {
    let api = app.admin().await.program().await;
    let added = added_model(&api).await;
    decide_on(&api, &added, "reject").await.expect(200);
    price_model(&api, &added).await;
    decide_on(&api, &added, "approve").await.expect(200);
    let changes = api.get("/models/changes?limit=5").await.expect(200);
    let actions = changes["changes"].as_array().expect("changes").iter();
    let actions: Vec<&Value> = actions.map(|change| &change["action"]).collect();
    assert_eq!(
        actions,
        ["available", "approved", "price", "rejected", "added"]
    );
    assert_eq!(changes["changes"][0]["by"], "admin@example.com");
}
