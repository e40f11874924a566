//! The day's runs, started from outside.

use axum::http::Method;
use serde_json::json;

use super::operator;
use crate::support::{Simulated, TestApp, all_named, named, on_both_databases};

on_both_databases!(
    nobodys_session_and_no_other_token_starts_the_day,
    each_project_that_is_due_runs_once_a_day,
    the_page_of_a_job_tells_of_the_day,
    the_days_summary_is_in_dollars
);

const DAILY_JOBS: &str = "/cron/daily-analysis";

async fn nobodys_session_and_no_other_token_starts_the_day(app: &TestApp) {
    let ana = app.admin().await;
    let token = ana.program().await;
    for reply in [
        ana.post(DAILY_JOBS, &json!({})).await,
        app.nobody().rest(Method::POST, DAILY_JOBS, None).await,
        app.nobody()
            .with("authorization", "Bearer wrong")
            .rest(Method::POST, DAILY_JOBS, None)
            .await,
        token.rest(Method::POST, DAILY_JOBS, None).await,
    ] {
        reply.problem(401);
    }
    // It opens nothing else.
    operator(app).get("/projects").await.problem(401);
}

/// Also where it is called again.
async fn each_project_that_is_due_runs_once_a_day(app: &TestApp) {
    let ana = app.admin().await;
    let path = format!("/projects/{}", ana.make_project("Watch").await);
    let every_day = json!({"schedule": "0 23 * * *"});
    ana.put(&path, &every_day).await.expect(200);
    let operator = operator(app);
    let done = operator
        .rest(Method::POST, &format!("{DAILY_JOBS}?wait=true"), None)
        .await
        .expect(200);
    assert_eq!(
        (&done["success"], &done["ok"]),
        (&json!(true), &json!(true)),
        "{done}"
    );
    assert_eq!(done["projects"][0]["status"], "finished");
    assert_eq!((&done["asks"], &done["failures"]), (&json!(3), &json!(0)));
    let again = operator
        .rest(Method::POST, DAILY_JOBS, None)
        .await
        .expect(202);
    assert_eq!(
        again["projects"][0]["run_id"],
        done["projects"][0]["run_id"]
    );
    assert_eq!(app.count("llm_monitoring_analysis_runs").await, 1);
}

async fn the_page_of_a_job_tells_of_the_day(app: &TestApp) {
    let ana = app.admin().await;
    let id = ana.make_project("Watch").await;
    let every_day = json!({"schedule": "0 23 * * *"});
    ana.put(&format!("/projects/{id}"), &every_day)
        .await
        .expect(200);
    let done = operator(app)
        .rest(Method::POST, &format!("{DAILY_JOBS}?wait=true"), None)
        .await
        .expect(200);
    let job = ana
        .call("schedule/job", &json!({"project_id": id}))
        .await
        .expect(200);
    let job = named(&job, "kind project schedule next_at last");
    let last = all_named(
        &job["last"],
        "id due_at started_at finished_at outcome run lines",
    );
    assert_eq!(last.as_array().expect("times").len(), 1);
    assert_eq!(last[0]["outcome"], "done");
    assert_eq!(
        last[0]["run"],
        json!([done["projects"][0]["run_id"], "finished"])
    );
}

async fn the_days_summary_is_in_dollars(app: &TestApp) {
    let ana = app.admin().await;
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    let project = ana.make_billed_project("Watch").await;
    let day = async || {
        operator(app)
            .rest(Method::POST, "/cron/daily-analysis?wait=true", None)
            .await
            .expect(200)
    };
    let done = day().await;
    let run = ana
        .get(&format!("/projects/{project}/runs"))
        .await
        .expect(200)["runs"][0]
        .clone();
    assert!(
        run["cost_usd"]
            .as_f64()
            .is_some_and(|cost| cost > 0.0 && cost < 1.0),
        "{run}"
    );
    assert_eq!(
        (&done["cost_usd"], &done["projects"][0]["cost_usd"]),
        (&run["cost_usd"], &run["cost_usd"])
    );
    assert_eq!(done["cost_is_at_least"], false);
    // A hundredth of a cent, of which the day cost more.
    ana.put("/budget", &json!({"monthly_budget_usd": 0.0001}))
        .await
        .expect(200);
    let warning = day().await["budget_warnings"][0].clone();
    assert_eq!(
        (&warning["spent_usd"], &warning["monthly_usd"]),
        (&run["cost_usd"], &json!(0.0001))
    );
    assert_eq!(warning["is_over"], true);
}
