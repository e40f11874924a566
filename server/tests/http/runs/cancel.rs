//! Runs that are stopped.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_run_that_is_over_stays_as_it_is);

async fn a_run_that_is_over_stays_as_it_is(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let run = api.run_project(project).await;
    let over = api
        .post(
            &format!("/projects/{project}/runs/{run}/cancel"),
            &json!({}),
        )
        .await;
    assert_eq!(over.expect(200)["run"]["status"], "finished");
}
