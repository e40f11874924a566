//! What models cost since when, and prices from files.

mod accept;
mod imports;
mod list;
mod preview;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::Caller;

/// A file with one price for a model of the registry and one for a model that nobody knows.
fn file() -> Value {
    json!({"models": [
        {"provider": "openai", "model_id": "gpt-5", "input": 1.5, "output": 12},
        {"provider": "google", "model_id": "gemini-9", "input": 1, "output": 2},
    ]})
}

/// What a program is told that the file would change.
async fn previewed(api: &Caller<'_>) -> Value {
    let path = "/api/llm-monitoring/prices/import";
    api.with("content-type", "application/json")
        .send(Method::POST, path, Body::from(file().to_string()))
        .await
        .expect(200)
}
