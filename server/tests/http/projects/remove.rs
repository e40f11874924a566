//! Projects that are taken out of sight.

use std::time::Duration;

use serde_json::json;

use crate::support::{Setup, TestApp, keys, on_both_databases, rest_project, sorted, with_sqlite};

on_both_databases!(
    a_removed_project_is_gone_and_its_answers_are_kept,
    a_name_is_free_again_after_its_project_is_removed
);

async fn a_removed_project_is_gone_and_its_answers_are_kept(app: &TestApp) {
    let api = app.admin().await.program().await;
    let id = api.make_project("Watch").await;
    api.run_project(id).await;
    api.delete(&format!("/projects/{id}")).await.expect(200);
    api.get(&format!("/projects/{id}")).await.problem(404);
    assert_eq!(api.get("/projects").await.expect(200)["total"], 0);
    assert_eq!(
        app.count("llm_monitoring_results").await,
        3,
        "answers are kept"
    );
}

async fn a_name_is_free_again_after_its_project_is_removed(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let first = ana.make_project("Watch").await;
    let taken = ana.post("/projects", &rest_project("WATCH")).await;
    assert_eq!(taken.wrong_fields(), ["name"]);
    let second = ana.make_project("Second").await;
    assert_eq!(
        ana.put(&format!("/projects/{second}"), &json!({"name": "watch"}))
            .await
            .wrong_fields(),
        ["name"]
    );
    ana.delete(&format!("/projects/{first}")).await.expect(200);
    ana.delete(&format!("/projects/{first}")).await.problem(404);
    ana.make_project("Watch").await;
    let listed = ana.get("/projects").await.expect(200);
    assert_eq!(
        keys(&listed),
        sorted(["success", "projects", "total", "next_cursor"])
    );
    assert_eq!(listed["total"], 2);
}

/// A run that is under way ends, and what it paid for stays paid.
async fn run_ends(app: &TestApp) {
    let ana = app.admin().await;
    // One after the other, so that something still waits.
    app.execute("UPDATE llm_model_registry SET max_in_flight = 1")
        .await;
    let project = ana.make_project("Watch").await;
    let started = ana
        .post(&format!("/projects/{project}/analyze"), &json!({}))
        .await;
    assert!(started.status.is_success(), "{}", started.json());
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    let open = "SELECT COUNT(*) FROM llm_monitoring_analysis_runs WHERE finished_at IS NULL";
    for _ in 0..200 {
        if app.number(open).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let status = app
        .texts("SELECT status FROM llm_monitoring_analysis_runs")
        .await;
    assert_eq!(status, ["cancelled"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_a_project_cancels_its_run() {
    let slow = Setup {
        latency: Duration::from_millis(400),
        ..Setup::default()
    };
    with_sqlite(slow, async |app| run_ends(app).await).await;
}
