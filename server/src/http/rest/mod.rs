//! REST for programs, with the predecessor's endpoints and field names.

mod health;

use axum::Router;
use axum::routing::get;

use super::HttpState;

/// All endpoints under `/api/llm-monitoring`.
pub(super) fn routes() -> Router<HttpState> {
    Router::new().route("/health", get(health::health))
}
