//! What a month has cost.

use serde_json::{Value, json};

use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(
    every_kind_of_spend_is_there,
    what_was_made_up_cost_nobody_anything,
    a_month_is_split_by_project_and_day,
    the_screen_shows_what_the_ledger_has
);

async fn every_kind_of_spend_is_there(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let spent = &run.ended["results"]["total_cost_usd"];
    let usage = run.api.get("/usage").await.expect(200);
    assert_eq!(usage["total_cost_usd"], *spent);
    let kinds = usage["by_kind"].as_array().expect("kinds");
    let kind = |row: &Value| row["kind"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        kinds.iter().map(kind).collect::<Vec<_>>(),
        [
            "answer",
            "filtered",
            "lost",
            "judge",
            "suggest",
            "trial",
            "correction"
        ]
    );
    assert_eq!(kinds[0]["cost_usd"], *spent);
}

/// What a provider bills is in the ledger, and nothing else.
async fn what_was_made_up_cost_nobody_anything(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    api.run_project(project).await;
    let made_up = api.get("/usage").await.expect(200);
    assert_eq!(
        (&made_up["by_project"], &made_up["total_cost_usd"]),
        (&json!([]), &json!(0))
    );
}

async fn a_month_is_split_by_project_and_day(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let usage = run.api.get("/usage").await.expect(200);
    assert_eq!(usage["by_project"][0]["name"], "Watch");
    assert!(
        usage["total_cost_usd"]
            .as_f64()
            .is_some_and(|cost| cost > 0.0)
    );
    assert_eq!(usage["by_day"][0]["cost_usd"], usage["total_cost_usd"]);
    assert_eq!(
        run.api.get("/usage?month=yesterday").await.wrong_fields(),
        ["month"]
    );
}

async fn the_screen_shows_what_the_ledger_has(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let ana = &run.ana;
    ana.run_project(run.project).await;
    let spent = app
        .number("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger")
        .await;
    let of_month = |month: Value| async move {
        let arguments = json!({"query": {"month": month}});
        ana.call("budget/spend", &arguments).await.expect(200)
    };
    let present = of_month(Value::Null).await;
    let all = json!({"amount": spent, "is_at_least": false});
    assert_eq!(present["total"], all);
    assert_eq!(present["days"], json!([[present["today"], all]]));
    assert_eq!(
        present["kinds"][0],
        json!({"kind": "answer", "spend": all, "entries": 6})
    );
    assert_eq!(
        (
            &present["models"][0]["spend"]["amount"],
            &present["models"][0]["entries"]
        ),
        (&json!(spent), &json!(6))
    );
    assert_eq!(present["projects"][0]["name"], "Watch");
    assert_eq!(
        (&present["first_month"], &present["forecast"]),
        (&present["month"], &Value::Null)
    );
    let before = of_month(json!("2001-02-17")).await;
    assert_eq!(
        (&before["month"], &before["total"]["amount"]),
        (&json!("2001-02-01"), &json!(0))
    );
    let arguments = json!({"query": {"month": "+262142-12-31"}});
    assert_ne!(ana.call("budget/spend", &arguments).await.status, 500);
}
