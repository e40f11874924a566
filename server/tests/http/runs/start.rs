//! Starting runs by REST, and what may go wrong about it.

use std::time::Duration;

use serde_json::json;

use crate::support::{BilledRun, Setup, Simulated, TestApp, on_both_databases, with_sqlite};

on_both_databases!(
    whoever_waits_is_told_what_came_of_the_run,
    a_run_that_cannot_be_is_refused_whole,
    two_runs_of_a_day_are_both_kept
);

async fn whoever_waits_is_told_what_came_of_the_run(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let results = &run.ended["results"];
    assert_eq!(results["project_id"], run.project);
    assert_eq!(results["total_queries_executed"], 3);
    assert_eq!(results["llms_analyzed"], 1);
    assert_eq!(results["completeness_by_llm"], json!({"openai": 100.0}));
    assert_eq!(results["incomplete_llms"], json!([]));
    assert!(
        results["duration_seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds >= 0.0)
    );
    assert!(
        results["total_cost_usd"]
            .as_f64()
            .is_some_and(|cost| cost > 0.0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_does_not_stop_the_run() {
    let setup = Setup {
        latency: Duration::from_millis(600),
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}/analyze?wait=true");
        let body = json!({});
        let waited = tokio::time::timeout(Duration::from_millis(200), ana.post(&path, &body)).await;
        assert!(waited.is_err(), "it was still running");

        let again = ana.post(&path, &body).await.problem(409);
        assert_eq!(again["code"], "conflict");
        assert_eq!(app.count("llm_monitoring_analysis_runs").await, 1);

        let runs = ana
            .get(&format!("/projects/{project}/runs"))
            .await
            .expect(200);
        let run = runs["runs"][0]["id"].as_i64().expect("an id");
        for _ in 0..100 {
            let shown = ana
                .get(&format!("/projects/{project}/runs/{run}"))
                .await
                .expect(200);
            if shown["run"]["status"] == "finished" {
                assert_eq!(shown["run"]["asks_done"], 3);
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the run did not end");
    })
    .await;
}

async fn a_run_that_cannot_be_is_refused_whole(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}/analyze");
    let body = json!({});

    ana.post(&format!("{path}?wait=maybe"), &body)
        .await
        .wrong_fields();
    ana.put(
        &format!("/projects/{project}"),
        &json!({"is_active": false}),
    )
    .await
    .expect(200);
    ana.post(&path, &body).await.problem(409);
    let reached = json!({"is_active": true, "enabled_llms": ["openai"]});
    ana.put(&format!("/projects/{project}"), &reached)
        .await
        .expect(200);
    let keyless = ana
        .with("accept-language", "es")
        .post(&path, &body)
        .await
        .problem(409);
    assert!(
        keyless["title"]
            .as_str()
            .is_some_and(|title| title.contains("ChatGPT")),
        "{keyless}"
    );
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    ana.put("/budget", &json!({"monthly_budget_usd": 0}))
        .await
        .expect(200);
    ana.post(&path, &body).await.problem(409);
    assert_eq!(
        (
            app.count("llm_monitoring_analysis_runs").await,
            app.count("llm_monitoring_asks").await
        ),
        (0, 0)
    );

    ana.put("/budget", &json!({"monthly_budget_usd": 10}))
        .await
        .expect(200);
    ana.run_project(project).await;
    // The simulator needs none.
    ana.put("/budget", &json!({"monthly_budget_usd": 0}))
        .await
        .expect(200);
    ana.post(&path, &body).await.problem(409);
    let free = json!({"enabled_llms": ["simulator"]});
    ana.put(&format!("/projects/{project}"), &free)
        .await
        .expect(200);
    let spent = ana.get("/usage").await.expect(200)["total_cost_usd"].clone();
    ana.run_project(project).await;
    assert_eq!(ana.get("/usage").await.expect(200)["total_cost_usd"], spent);
    let runs = ana
        .get(&format!("/projects/{project}/runs"))
        .await
        .expect(200);
    assert_eq!(runs["runs"][0]["cost_usd"], json!(0));
}

async fn two_runs_of_a_day_are_both_kept(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let (first, second) = (
        ana.run_project(project).await,
        ana.run_project(project).await,
    );
    assert_ne!(first, second);
    let results = ana
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    assert_eq!(results["total"], 6);
    let metrics = ana
        .get(&format!("/projects/{project}/metrics"))
        .await
        .expect(200);
    assert_eq!(metrics["aggregated"]["total_queries_analyzed"], 6);
    let runs = ana
        .get(&format!("/projects/{project}/runs"))
        .await
        .expect(200);
    assert_eq!(
        (&runs["runs"][0]["id"], &runs["total"]),
        (&json!(second), &json!(2))
    );
}
