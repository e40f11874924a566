//! REST for programs, with the predecessor's endpoints and field names.

mod api_keys;
mod body;
mod budget;
pub(super) mod cron;
mod health;
mod judge;
mod metrics;
mod model_review;
mod models;
mod params;
mod project_fields;
mod projects;
mod queries;
mod reply;
mod results;
mod runs;
mod sources;
mod suggest;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post, put};

use super::{HttpState, session};

/// All endpoints under `/api/llm-monitoring`. Only `/health` is open.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route("/projects", get(projects::list).post(projects::create))
        .route(
            "/projects/{id}",
            get(projects::show)
                .put(projects::change)
                .delete(projects::remove),
        )
        .route(
            "/projects/{id}/queries",
            get(queries::list).post(queries::put),
        )
        .route("/projects/{id}/analyze", post(runs::analyze))
        .route("/projects/{id}/runs", get(runs::list))
        .route("/projects/{id}/runs/{run_id}", get(runs::show))
        .route("/projects/{id}/results", get(results::list))
        .route("/projects/{id}/metrics", get(metrics::metrics))
        .route("/projects/{id}/snapshots", get(metrics::snapshots))
        .route("/projects/{id}/urls-ranking", get(sources::ranking))
        .route("/suggest", post(suggest::suggest))
        .route(
            "/api-keys",
            get(api_keys::show).post(api_keys::save).put(api_keys::save),
        )
        .route("/budget", get(budget::show).put(budget::change))
        .route("/judge", get(judge::show).put(judge::change))
        .route("/models", get(models::list))
        .route("/models/{id}", put(models::change))
        .route_layer(from_fn(session::require_caller))
        // The operator's own token opens these, nobody's session.
        .route("/cron/daily-analysis", post(cron::daily))
        .route("/cron/model-discovery", post(cron::models))
        .route("/health", get(health::health))
        // The token of the link says who comes.
        .route(
            "/models/approve",
            get(model_review::ask_approve).post(model_review::approve),
        )
        .route(
            "/models/reject",
            get(model_review::ask_reject).post(model_review::reject),
        )
}
