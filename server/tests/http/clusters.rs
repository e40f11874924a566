//! Questions that share a tag, and their numbers.

use serde_json::{Value, json};

use crate::support::{TaggedRun, TestApp, keys, on_both_databases, sorted};

on_both_databases!(a_question_counts_in_each_of_its_tags);

async fn a_question_counts_in_each_of_its_tags(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let clusters = run.get("/clusters").await;
    let found = clusters["clusters"].as_array().expect("clusters");
    let names: Vec<&Value> = found.iter().map(|cluster| &cluster["tag"]).collect();
    assert_eq!(
        names,
        [
            &json!("Money"),
            &json!("food"),
            &json!("plants"),
            &Value::Null
        ]
    );
    let counts: Vec<i64> = found
        .iter()
        .map(|cluster| cluster["total_queries"].as_i64().expect("a number"))
        .collect();
    assert_eq!(counts, [1, 2, 1, 2]);
    assert_eq!(
        keys(&found[1]["mention_rate"]),
        sorted(["value", "numerator", "denominator", "low", "high"])
    );
    assert_eq!(found[1]["mention_rate"]["denominator"], 2);
    let part = run.get("/clusters?limit=1&cursor=1").await;
    assert_eq!(
        (&part["clusters"][0]["tag"], &part["next_cursor"]),
        (&json!("food"), &json!("2"))
    );
}
