//! Models that are rejected.

use super::{added_model, decide_on};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_model_that_was_found_is_rejected);

async fn a_model_that_was_found_is_rejected(app: &TestApp) {
    let api = app.admin().await.program().await;
    let added = added_model(&api).await;
    let rejected = decide_on(&api, &added, "reject").await.expect(200);
    assert_eq!(rejected["model"]["review"], "rejected");
}
