//! The runs of a project.

use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(a_run_is_listed_as_it_is_shown);

async fn a_run_is_listed_as_it_is_shown(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let listed = run.get("/runs").await;
    assert_eq!(listed["total"], 1);
    let shown = run.get(&format!("/runs/{}", run.ended["run_id"])).await;
    assert_eq!(listed["runs"][0], shown["run"]);
}
