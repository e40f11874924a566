//! Every job, and when it falls due.

use serde_json::{Value, json};

use super::jobs;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    jobs_of_projects_come_before_those_of_the_instance,
    the_look_at_models_is_the_admins
);

async fn jobs_of_projects_come_before_those_of_the_instance(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let shown = api.get("/schedule").await.expect(200);
    assert_eq!(
        (&shown["time_zone"], &shown["total"]),
        (&json!("UTC"), &json!(2))
    );
    let job = &shown["jobs"][0];
    assert_eq!(
        (
            &job["kind"],
            &job["project_id"],
            &job["schedule"],
            &job["last"]
        ),
        (
            &json!("run"),
            &json!(project),
            &json!("0 4 * * *"),
            &Value::Null
        )
    );
    assert_eq!(shown["jobs"][1]["kind"], "models");
    let part = api.get("/schedule?limit=1").await.expect(200);
    assert_eq!(part["next_cursor"], "1");
}

async fn the_look_at_models_is_the_admins(app: &TestApp) {
    let ana = app.admin().await;
    ana.make_project("Watch").await;
    let kinds: Vec<Value> = jobs(&ana).await["jobs"]
        .as_array()
        .expect("jobs")
        .iter()
        .map(|job| job["kind"].clone())
        .collect();
    assert_eq!(kinds, ["run", "models"]);
}
