//! The numbers of every model and day, as a file.

use serde_json::{Value, json};

use super::{Exported, file};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(each_day_has_its_numbers_and_what_they_are_made_of);

async fn each_day_has_its_numbers_and_what_they_are_made_of(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    let snapshots = file(&api, project, "snapshots").await;
    let parts: Vec<&Value> = snapshots.iter().map(|row| &row["queries"]).collect();
    assert_eq!(parts, [&json!("all"), &json!("branded"), &json!("plain")]);
    let shown = api
        .get(&format!("/projects/{project}/snapshots"))
        .await
        .expect(200);
    let (row, shown) = (&snapshots[0], &shown["snapshots"][0]);
    assert_eq!(
        (&row["n"], &row["mention_rate_denominator"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(row["mention_rate_numerator"], shown["total_mentions"]);
    assert_eq!(row["mention_rate"], shown["mention_rate"]);
    assert!(row["mention_rate_low"].is_number() && row["mention_rate_high"].is_number());
    assert_eq!(row["simulated"], true);
}
