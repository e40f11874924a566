//! Whether the host is well. Open to all, so it tells strangers that and nothing else.

use std::collections::BTreeMap;

use app::model::provider::Provider;
use app::model::schedule::JobState;
use axum::Json;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::Services;
use crate::services::instance::{InstanceHealth, JobHealth};

/// Where it is asked.
pub(in crate::http) const PATH: &str = "/api/llm-monitoring/health";

/// The host's state.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    success: bool,
    status: &'static str,
    database: &'static str,
    #[serde(flatten)]
    instance: Option<Instance>,
}

/// What is in the host, for admins only: absent for anybody else.
#[derive(Serialize, ToSchema)]
struct Instance {
    /// Of all workspaces.
    active_projects: u64,
    api_keys_configured: bool,
    /// Providers that some workspace, or the host itself, has a key for.
    api_keys: BTreeMap<&'static str, bool>,
    /// What the instance does by itself, by name, over all its processes.
    jobs: BTreeMap<String, BackgroundJob>,
}

/// How a background job goes.
#[derive(Serialize, ToSchema)]
struct BackgroundJob {
    /// `late`: it runs, and has done nothing of use for longer than it may; `stopped`: no process
    /// runs it.
    state: JobState,
    /// When it last did what it is for.
    last_success_at: Option<DateTime<Utc>>,
    /// How often it panicked in processes that run.
    panics: i64,
    /// How often it was started again there.
    restarts: i64,
}

/// Whether the host is well
///
/// Open to all, and not counted. Admins see besides what is in it.
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
pub(super) async fn show(services: Services) -> (StatusCode, Json<Health>) {
    let is_well = services.is_database_there().await;
    let instance = if is_well {
        services.instance_health().await.map(Instance::from)
    } else {
        None
    };
    let health = Health {
        success: is_well,
        status: if is_well { "healthy" } else { "unhealthy" },
        database: if is_well { "connected" } else { "unreachable" },
        instance,
    };
    let status = if is_well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}

impl From<InstanceHealth> for Instance {
    fn from(health: InstanceHealth) -> Self {
        let with_keys = health.providers_with_keys;
        let api_keys: BTreeMap<_, _> = Provider::BIG_FOUR
            .iter()
            .map(|provider| (provider.slug(), with_keys.contains(provider)))
            .collect();
        Self {
            active_projects: health.active_projects,
            api_keys_configured: api_keys.values().any(|configured| *configured),
            api_keys,
            jobs: health.jobs.into_iter().map(job).collect(),
        }
    }
}

/// Without the words of its failures: those are in the log and with `parallax doctor`.
fn job((name, health): (String, JobHealth)) -> (String, BackgroundJob) {
    let job = BackgroundJob {
        state: health.state,
        last_success_at: health.last_success_at,
        panics: health.panics,
        restarts: health.restarts,
    };
    (name, job)
}
