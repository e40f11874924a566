//! The numbers of each model and day, page by page.

use serde_json::json;

use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(pages_have_the_snapshots_of_the_metrics);

async fn pages_have_the_snapshots_of_the_metrics(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let metrics = run.get("/metrics").await;
    let page = run.get("/snapshots?limit=1").await;
    assert_eq!(
        (&page["snapshots"], &page["total"]),
        (&metrics["snapshots"], &json!(1))
    );
    let beyond = run.get("/snapshots?limit=1&offset=1").await;
    assert_eq!(
        (&beyond["snapshots"], &beyond["total"]),
        (&json!([]), &json!(1))
    );
}
