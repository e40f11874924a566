//! Whether the host is well. Open to all, so it says nothing about anybody.

use std::collections::BTreeMap;

use app::model::provider::Provider;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::Host;
use crate::store::job_health::JobHealth;

/// The host's state.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    success: bool,
    status: &'static str,
    database: &'static str,
    active_projects: u64,
    api_keys_configured: bool,
    api_keys: BTreeMap<&'static str, bool>,
    /// What the instance does by itself, by name, over all its processes.
    jobs: BTreeMap<String, BackgroundJob>,
}

/// How a background job goes.
#[derive(Serialize, ToSchema)]
struct BackgroundJob {
    /// `well`, `done`, `late` (it runs, and has done nothing of use for longer than it may) or
    /// `stopped` (no process runs it).
    state: &'static str,
    /// When it last did what it is for.
    last_success_at: Option<DateTime<Utc>>,
    /// How often it panicked in processes that run.
    panics: i64,
    /// How often it was started again there.
    restarts: i64,
}

/// Whether the host is well
///
/// Open to all.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "show_health",
    tag = "host",
    responses(
        (status = 200, description = "It is", body = Health),
        (status = 503, description = "Its database does not answer", body = Health),
    ),
    security(()),
)]
pub(super) async fn health(State(host): State<Host>) -> (StatusCode, Json<Health>) {
    let projects = host.store.count_active_projects().await;
    let with_keys = host.keys.providers_with_keys().await.unwrap_or_default();
    let api_keys: BTreeMap<_, _> = Provider::BIG_FOUR
        .iter()
        .map(|provider| (provider.slug(), with_keys.contains(provider)))
        .collect();
    let jobs = host.store.job_health().await.unwrap_or_default();
    let is_well = projects.is_ok();
    let health = Health {
        success: is_well,
        status: if is_well { "healthy" } else { "unhealthy" },
        database: if is_well { "connected" } else { "unreachable" },
        active_projects: projects.unwrap_or_default(),
        api_keys_configured: api_keys.values().any(|configured| *configured),
        api_keys,
        jobs: jobs.into_iter().map(job).collect(),
    };
    let status = if is_well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}

/// Without the words of its failures, which may be anybody's business.
fn job((name, health): (String, JobHealth)) -> (String, BackgroundJob) {
    let job = BackgroundJob {
        state: health.state.word(),
        last_success_at: health.last_success_at,
        panics: health.panics,
        restarts: health.restarts,
    };
    (name, job)
}
