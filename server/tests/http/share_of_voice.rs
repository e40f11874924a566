//! Who is mentioned how often, day by day.

use serde_json::json;

use crate::support::{TaggedRun, TestApp, on_both_databases};

on_both_databases!(the_shares_of_a_day_are_all_of_its_mentions);

async fn the_shares_of_a_day_are_all_of_its_mentions(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let comparison = run.get("/comparison").await;
    let row = &comparison["comparison"][0];
    let voices = run.get("/share-of-voice-history").await;
    let day = &voices["history"][0];
    assert_eq!(
        (&day["date"], &day["entities"][0]["is_brand"]),
        (&row["snapshot_date"], &json!(true))
    );
    assert_eq!(day["entities"][0]["share_of_voice"], row["share_of_voice"]);
    let shares: f64 = day["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .filter_map(|entity| entity["share_of_voice"].as_f64())
        .sum();
    assert!((shares - 100.0).abs() < 0.1, "{shares}");
    for (part, days) in [
        ("prompts=plain", 1),
        ("prompts=branded", 1),
        ("llm_provider=openai", 0),
    ] {
        let voices = run.get(&format!("/share-of-voice-history?{part}")).await;
        assert_eq!(
            voices["history"].as_array().map(Vec::len),
            Some(days),
            "{part}"
        );
    }
}
