//! The numbers of a period, by day and pooled.

use serde_json::json;

use crate::support::{BilledRun, TestApp, keys, on_both_databases};

on_both_databases!(
    each_day_of_a_model_has_its_numbers,
    the_numbers_of_days_are_pooled,
    the_table_of_answers_and_the_numbers_count_the_same
);

async fn each_day_of_a_model_has_its_numbers(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let metrics = run.get("/metrics").await;
    assert_eq!(metrics["project_id"], run.project);
    assert_eq!(keys(&metrics["period"]), ["end_date", "start_date"]);
    let snapshot = &metrics["snapshots"][0];
    let owed = [
        "id",
        "llm_provider",
        "snapshot_date",
        "mention_rate",
        "avg_position",
        "top3_count",
        "share_of_voice",
        "weighted_share_of_voice",
        "sentiment",
        "total_queries",
        "total_cost",
    ];
    for field in owed {
        assert!(snapshot.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(snapshot["total_queries"], 3);
    assert_eq!(
        snapshot["total_cost"],
        run.ended["results"]["total_cost_usd"]
    );
    assert_eq!(
        (
            &snapshot["cost_is_at_least"],
            &snapshot["simulated_cost_usd"]
        ),
        (&json!(false), &json!(0))
    );
    let none = run.get("/metrics?llm_provider=google").await;
    assert_eq!(none["snapshots"], json!([]));
}

async fn the_numbers_of_days_are_pooled(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let metrics = run.get("/metrics").await;
    let snapshot = &metrics["snapshots"][0];
    let aggregated = &metrics["aggregated"];
    assert_eq!(aggregated["total_cost_usd"], snapshot["total_cost"]);
    assert_eq!(aggregated["other_cost_usd"], json!(0));
    assert_eq!(
        (
            &aggregated["total_snapshots"],
            &aggregated["total_queries_analyzed"]
        ),
        (&json!(1), &json!(3))
    );
    let pooled = &aggregated["metrics_by_llm"]["openai"];
    assert_eq!(pooled["avg_mention_rate"], snapshot["mention_rate"]);
    assert_eq!(pooled["avg_position"], snapshot["avg_position"]);
    assert_eq!(pooled["total_snapshots"], 1);
    assert_eq!(
        aggregated["metrics_by_model"][0]["model_display_name"],
        "GPT-6.1 Sol"
    );
}

async fn the_table_of_answers_and_the_numbers_count_the_same(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let metrics = run.get("/metrics").await;
    let answers = run.get("/results").await;
    let answers = answers["results"].as_array().expect("answers");
    let named = answers
        .iter()
        .filter(|answer| answer["brand_mentioned"] == true)
        .count();
    assert_eq!(
        metrics["snapshots"][0]["total_mentions"], named,
        "table and metrics count the same"
    );
}
