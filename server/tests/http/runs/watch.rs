//! A run's progress as programs see it.

use super::events::events;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_run_that_is_over_is_shown_and_ended);

async fn a_run_that_is_over_is_shown_and_ended(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let run = api.run_project(project).await;
    let reply = api
        .get(&format!("/projects/{project}/runs/{run}/events"))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let (data, last) = events(&String::from_utf8_lossy(&reply.body));
    assert_eq!((data.len(), last.as_str()), (2, "end"));
    assert_eq!(data[0]["status"], "finished");
    // A run of another project is none of this one.
    let other = api.make_project("Other").await;
    api.get(&format!("/projects/{other}/runs/{run}/events"))
        .await
        .problem(404);
}
