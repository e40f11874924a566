//! The progress of a run, as it happens.

use std::sync::Arc;

use app::model::ids::{ProjectId, RunId};
use axum::extract::State;
use axum::response::Response;
use utoipa::ToSchema;

use super::shapes::of_project;
use crate::http::events::run_events;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::streams::EventStreams;
use crate::services::Services;

/// One server-sent event about a run.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `events` sends")]
struct RunEvent {
    /// `message`, or `end` for the last one.
    event: Option<String>,
    /// The run as JSON, as the screen has it; `{}` for the last one.
    data: String,
}

/// The progress of a run, as server-sent events
///
/// One event a change, each the whole run as the screen has it; the last one is called `end`.
#[utoipa::path(
    get,
    path = "/projects/{id}/runs/{run_id}/events",
    operation_id = "watch_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "Events until the run is over", body = RunEvent, content_type = "text/event-stream")),
)]
pub(in crate::http::rest) async fn watch(
    streams: State<Arc<EventStreams>>,
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Result<Response, Problem> {
    of_project(&services, project_id, run_id).await?;
    run_events(streams, services, Ids(run_id)).await
}
