//! Whether the host is well. Open to all, so it says nothing about anybody.

use std::collections::BTreeMap;

use app::model::provider::Provider;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::Host;

/// Where it is asked.
pub(in crate::http) const PATH: &str = "/api/llm-monitoring/health";

/// The host's state.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    success: bool,
    status: &'static str,
    database: &'static str,
    active_projects: u64,
    api_keys_configured: bool,
    api_keys: BTreeMap<&'static str, bool>,
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
    let is_well = projects.is_ok();
    let health = Health {
        success: is_well,
        status: if is_well { "healthy" } else { "unhealthy" },
        database: if is_well { "connected" } else { "unreachable" },
        active_projects: projects.unwrap_or_default(),
        api_keys_configured: api_keys.values().any(|configured| *configured),
        api_keys,
    };
    let status = if is_well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}
