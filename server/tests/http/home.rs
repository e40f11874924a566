//! The first page: its projects, the pins on it, and the demonstration.

use app::model::account::Role;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(
    a_demonstration_is_made_once_and_costs_nothing,
    a_removed_demonstration_leaves_nothing,
    viewers_make_and_remove_no_demonstration,
    a_demonstration_asks_nobody,
    a_pin_is_of_one_person
);

/// Where a project of the page has what.
const ID: usize = 0;
const IS_PINNED: usize = 3;
const IS_DEMO: usize = 5;
const IS_SIMULATED: usize = 6;
const NUMBERS: usize = 8;
/// Where its numbers have what.
const ANSWERS: usize = 1;
const TREND: usize = 4;
const POINTS: usize = 5;

/// Answers of the demonstration in thirty days.
const ANSWERS_OF_THE_DEMO: i64 = 30 * 5 * 12;

async fn projects(caller: &Caller<'_>) -> Vec<Value> {
    let home = caller.call("home/get", &json!({})).await.expect(200);
    let projects = &home[home.as_array().expect("a page").len() - 1];
    projects.as_array().expect("projects").clone()
}

async fn make(caller: &Caller<'_>) -> Value {
    caller.call("home/make-demo", &json!({})).await.expect(200)
}

async fn a_demonstration_is_made_once_and_costs_nothing(app: &TestApp) {
    let ana = app.admin().await;
    assert!(projects(&ana).await.is_empty());
    let demo = make(&ana).await;
    assert_eq!(make(&ana).await, demo, "there is one");

    let shown = projects(&ana).await;
    let [row] = shown.as_slice() else {
        panic!("one project: {shown:?}");
    };
    assert_eq!(row[ID], demo);
    assert_eq!(
        (&row[IS_DEMO], &row[IS_SIMULATED]),
        (&json!(true), &json!(false))
    );
    let numbers = &row[NUMBERS];
    assert_eq!(numbers[ANSWERS], ANSWERS_OF_THE_DEMO);
    assert!(
        numbers[TREND]["improved"]
            .as_f64()
            .is_some_and(|by| by > 0.01),
        "{numbers}"
    );
    let points = numbers[POINTS].as_array().expect("points");
    assert!(
        points.len() == 30 && points.iter().all(|point| !point.is_null()),
        "{points:?}"
    );

    // Nothing is paid, nothing is asked of anybody, and nothing is planned.
    assert_eq!(app.count("llm_spend_ledger").await, 0);
    assert_eq!(app.count("llm_monitoring_judge_passes").await, 0);
    let open = "SELECT COUNT(*) FROM llm_monitoring_lanes WHERE status <> 'done'";
    assert_eq!(app.number(open).await, 0);
    let due = "SELECT COUNT(*) FROM llm_monitoring_projects WHERE next_slot_at IS NOT NULL";
    assert_eq!(app.number(due).await, 0);
    let stored = "SELECT CAST(SUM(stored_bytes) AS BIGINT) FROM llm_monitoring_projects";
    assert_eq!(
        app.number(stored).await,
        0,
        "it does not count as what is kept"
    );
}

async fn a_removed_demonstration_leaves_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let first = make(&ana).await;
    ana.call("home/remove-demo", &json!({})).await.expect(200);
    assert!(projects(&ana).await.is_empty());
    let restorable = ana.call("projects/deleted", &json!({})).await.expect(200);
    assert_eq!(restorable, json!([]), "another one is made at once");
    ana.call("projects/restore", &json!({"project_id": first}))
        .await
        .expect(404);
    // Its time has come at once.
    while let Some(at) = app.store.projects_to_erase().await.expect("a list").first() {
        app.store.erase_some(*at).await.expect("a step");
    }
    for table in ["results", "findings", "snapshots", "pins"] {
        assert_eq!(
            app.count(&format!("llm_monitoring_{table}")).await,
            0,
            "{table}"
        );
    }
    // Nothing there is nothing to remove.
    ana.call("home/remove-demo", &json!({})).await.expect(200);
    assert_ne!(make(&ana).await, first);
}

async fn viewers_make_and_remove_no_demonstration(app: &TestApp) {
    let ana = app.admin().await;
    let workspace = ana.workspace().await;
    let vera = app
        .member("vera@example.com", workspace, Role::Viewer)
        .await;
    vera.call("home/make-demo", &json!({})).await.expect(403);
    assert_eq!(app.count("llm_monitoring_projects").await, 0);
    let demo = make(&ana).await;
    vera.call("home/remove-demo", &json!({})).await.expect(403);
    assert_eq!(projects(&vera).await[0][ID], demo, "they may look at it");
    // Another workspace has none of it.
    let ben = app.sign_up("ben@example.com").await;
    assert!(projects(&ben).await.is_empty());
    ben.call("home/remove-demo", &json!({})).await.expect(200);
    assert_eq!(projects(&ana).await.len(), 1);
}

async fn a_demonstration_asks_nobody(app: &TestApp) {
    let ana = app.admin().await;
    let demo = make(&ana).await;
    let runs = app.count("llm_monitoring_analysis_runs").await;
    assert_eq!(runs, 60);
    let started = ana
        .post(&format!("/projects/{demo}/analyze"), &json!({}))
        .await;
    assert!(!started.status.is_success(), "{}", started.json());
    assert_eq!(app.count("llm_monitoring_analysis_runs").await, runs);
    // Its models can be chosen for no other project.
    let offered = "SELECT COUNT(*) FROM llm_model_registry \
        WHERE model_id LIKE 'demo-%' AND is_available";
    assert_eq!(app.number(offered).await, 0);
}

async fn a_pin_is_of_one_person(app: &TestApp) {
    let ana = app.admin().await;
    let id = ana.make_project("Watch").await;
    let vera = app
        .member("vera@example.com", ana.workspace().await, Role::Viewer)
        .await;
    let pin = |is_pinned: bool| json!({"project_id": id, "is_pinned": is_pinned});
    for _ in 0..2 {
        vera.call("home/pin", &pin(true)).await.expect(200);
    }
    assert_eq!(projects(&vera).await[0][IS_PINNED], true);
    assert_eq!(projects(&ana).await[0][IS_PINNED], false);
    for _ in 0..2 {
        vera.call("home/pin", &pin(false)).await.expect(200);
    }
    assert_eq!(projects(&vera).await[0][IS_PINNED], false);
    let ben = app.sign_up("ben@example.com").await;
    ben.call("home/pin", &pin(true)).await.expect(404);
}
