//! The job of a project.

use serde_json::json;

use crate::support::{TestApp, named, on_both_databases};

on_both_databases!(programs_are_told_of_a_job_what_the_screen_says);

async fn programs_are_told_of_a_job_what_the_screen_says(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    let project = ana.make_project("Watch").await;
    let own = api
        .get(&format!("/projects/{project}/schedule"))
        .await
        .expect(200);
    let screen = ana
        .call("schedule/job", &json!({"project_id": project}))
        .await;
    let screen = named(&screen.expect(200), "kind project schedule next_at last");
    assert_eq!(own["job"]["next_at"], screen["next_at"]);
    assert_eq!((&own["times"], &own["total"]), (&json!([]), &json!(0)));
}
