//! What failed in a run is asked again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Caller, Simulated, TestApp, on_both_databases};

on_both_databases!(
    what_failed_is_asked_again_once_and_within_the_budget,
    a_run_without_failures_has_nothing_to_ask_again
);

async fn over(api: &Caller<'_>, path: &str) -> Value {
    for _ in 0..200 {
        let shown = api.get(path).await.expect(200)["run"].clone();
        if !matches!(shown["status"].as_str(), Some("queued" | "running")) {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the run did not end");
}

async fn what_failed_is_asked_again_once_and_within_the_budget(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    // The provider refuses the key.
    let refusing = Simulated::start("401=1").await;
    refusing.key_for(&ana, "openai").await;
    let project = api.make_billed_project("Watch").await;
    let analyze = format!("/projects/{project}/analyze?wait=true");
    let ended = api.post(&analyze, &json!({})).await.expect(200);
    let run = format!("/projects/{project}/runs/{}", ended["run_id"]);
    let shown = over(&api, &run).await;
    assert_eq!(
        (&shown["status"], &shown["asks_failed"]),
        (&json!("failed"), &json!(3))
    );
    let reasons = &shown["models"][0]["failures"];
    assert_eq!(*reasons, json!([{"error_class": "bad_key", "asks": 3}]));

    let answering = Simulated::start("").await;
    answering.key_for(&ana, "openai").await;
    let retry = format!("{run}/retry");
    let body = json!({});
    api.put("/budget", &json!({"monthly_budget_usd": 0}))
        .await
        .expect(200);
    api.post(&retry, &body).await.problem(409);
    assert_eq!(app.count("llm_monitoring_analysis_runs").await, 1);
    api.put("/budget", &json!({"monthly_budget_usd": 10}))
        .await
        .expect(200);
    let (one, other) = tokio::join!(api.post(&retry, &body), api.post(&retry, &body));
    let (one, other) = (one.expect(200), other.expect(200));
    assert_eq!(one["run"]["id"], other["run"]["id"]);
    assert_eq!(one["run"]["retry_of"], ended["run_id"]);
    let second = format!("/projects/{project}/runs/{}", one["run"]["id"]);
    let shown = over(&api, &second).await;
    assert_eq!(
        (&shown["status"], &shown["asks_done"]),
        (&json!("finished"), &json!(3))
    );
    let shown = over(&api, &run).await;
    assert_eq!(shown["retried_by"], one["run"]["id"]);
    // Later, too, it is the same run.
    let again = api.post(&retry, &body).await.expect(200);
    assert_eq!(again["run"]["id"], one["run"]["id"]);
    assert_eq!(app.count("llm_monitoring_analysis_runs").await, 2);
}

async fn a_run_without_failures_has_nothing_to_ask_again(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let run = api.run_project(project).await;
    let retry = format!("/projects/{project}/runs/{run}/retry");
    api.post(&retry, &json!({})).await.problem(409);
    let other = api.make_project("Other").await;
    let foreign = format!("/projects/{other}/runs/{run}/retry");
    api.post(&foreign, &json!({})).await.problem(404);
}
