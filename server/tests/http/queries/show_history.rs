//! What came of a question, day by day.

use serde_json::json;

use crate::support::{TaggedRun, TestApp, on_both_databases};

on_both_databases!(each_day_of_a_question_has_its_numbers);

async fn each_day_of_a_question_has_its_numbers(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let history = run.get(&format!("/queries/{}/history", run.florist)).await;
    assert_eq!(
        history["query_text"],
        "Is there a ledger that a florist would love?"
    );
    let day = &history["history"][0];
    assert_eq!(
        (&day["total_queries"], &day["llm_provider"]),
        (&json!(1), &json!("simulator"))
    );
    assert!(day["mention_rate_low"].is_number() && day["simulated"] == json!(true));
}
