//! Judges that read a run.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(without_a_judge_there_is_nobody_to_read_a_run);

async fn without_a_judge_there_is_nobody_to_read_a_run(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let run = api.run_project(project).await;
    let judged = format!("/projects/{project}/runs/{run}/judge");
    // Nobody was chosen to judge.
    api.post(&judged, &json!({})).await.problem(409);
}
