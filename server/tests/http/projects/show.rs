//! One project, with its newest numbers.

use serde_json::Value;

use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(a_project_is_shown_with_its_newest_numbers);

async fn a_project_is_shown_with_its_newest_numbers(app: &TestApp) {
    let whole = BilledRun::of(app).await.get("").await;
    assert_eq!(whole["project"]["total_snapshots"], 1);
    assert!(whole["project"]["last_analysis_date"].is_string());
    let latest = &whole["latest_metrics"]["openai"];
    assert!(
        latest["mention_rate"]
            .as_f64()
            .is_some_and(|rate| (0.0..=100.0).contains(&rate)),
        "{latest}"
    );
    assert_eq!(latest["sentiment"], Value::Null);
}
