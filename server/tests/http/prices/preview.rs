//! Files of prices: what they would change.

use serde_json::json;

use super::{file, previewed};
use crate::support::{TestApp, all_named, on_both_databases};

on_both_databases!(a_look_at_a_file_says_what_the_screen_says_and_writes_nothing);

async fn a_look_at_a_file_says_what_the_screen_says_and_writes_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    let before = app.count("llm_model_prices").await;
    let shown = previewed(&api).await;
    assert_eq!(
        (&shown["format"], &shown["unknown"]),
        (&json!("parallax"), &json!(1))
    );
    let offer = &shown["offers"][0];
    let screen = ana
        .call(
            "models/import-preview",
            &json!({"text": file().to_string()}),
        )
        .await;
    let screen = all_named(
        &screen.expect(200)["rows"],
        "model_id provider slug name keys price_id",
    );
    assert_eq!(
        (&offer["model_id"], &offer["price_id"]),
        (&screen[0]["model_id"], &screen[0]["price_id"])
    );
    assert_eq!(offer["new"]["cost_per_1m_input_tokens"], json!(1.5));
    assert_eq!(
        app.count("llm_model_prices").await,
        before,
        "a look writes nothing"
    );
}
