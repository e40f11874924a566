//! Every job, and when it falls due.

use serde_json::{Value, json};

use super::jobs;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    jobs_of_projects_come_before_those_of_the_instance,
    the_look_at_models_is_the_admins,
    a_run_by_hand_is_told_beside_the_times_of_the_job
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

async fn a_run_by_hand_is_told_beside_the_times_of_the_job(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let job = async || jobs(&ana).await["jobs"][0].clone();
    assert_eq!(job().await["newest_run"], Value::Null);

    let run = ana.run_project(project).await;
    let after = job().await;
    let told = &after["newest_run"];
    assert_eq!((&told[0], &told[2]), (&json!(run), &json!("finished")));
    assert!(told[1].is_string(), "{told}");
    // It did not fall due.
    assert_eq!(after["last"], json!([]));
}
