//! One run.

use serde_json::json;

use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(a_run_says_what_was_asked_and_what_it_cost);

async fn a_run_says_what_was_asked_and_what_it_cost(app: &TestApp) {
    let started = BilledRun::of(app).await;
    let run_id = &started.ended["run_id"];
    let shown = started.get(&format!("/runs/{run_id}")).await;
    let run = &shown["run"];
    assert_eq!((&run["id"], &run["status"]), (run_id, &json!("finished")));
    assert_eq!(
        (&run["asks_total"], &run["asks_done"], &run["asks_failed"]),
        (&json!(3), &json!(3), &json!(0))
    );
    assert_eq!(run["cost_usd"], started.ended["results"]["total_cost_usd"]);
    assert_eq!(run["trigger"], "api");
    assert!(run["started_at"].is_string() && run["finished_at"].is_string());
}
