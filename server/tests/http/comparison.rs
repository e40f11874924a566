//! The providers of a project side by side.

use serde_json::{Value, json};

use crate::support::{TaggedRun, TestApp, on_both_databases};

on_both_databases!(the_view_and_the_sums_of_the_snapshots_say_the_same);

async fn the_view_and_the_sums_of_the_snapshots_say_the_same(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let comparison = run.get("/comparison").await;
    let row = &comparison["comparison"][0];
    assert_eq!(comparison["project_id"], run.project);
    let snapshot = run.get("/snapshots").await["snapshots"][0].clone();
    for field in [
        "llm_provider",
        "snapshot_date",
        "mention_rate",
        "avg_position",
        "share_of_voice",
        "weighted_share_of_voice",
        "total_queries",
        "total_mentions",
    ] {
        assert_eq!(row[field], snapshot[field], "{field}");
    }
    assert_eq!(
        (&row["sentiment_score"], &row["simulated"]),
        (&Value::Null, &json!(true))
    );
    let date = row["snapshot_date"].as_str().expect("a day");
    assert_eq!(comparison["by_date"][date]["simulator"], *row);
}
