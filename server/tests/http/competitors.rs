//! The brand and its competitors over a period.

use crate::support::{TaggedRun, TestApp, on_both_databases};

on_both_databases!(the_brand_stands_before_its_competitors);

async fn the_brand_stands_before_its_competitors(app: &TestApp) {
    let competitors = TaggedRun::of(app).await.get("/competitors").await;
    assert_eq!(competitors["competitors"].as_array().map(Vec::len), Some(3));
    assert_eq!(competitors["competitors"][0]["name"], "Kipu");
    assert_eq!(competitors["total_queries"], 5);
}
