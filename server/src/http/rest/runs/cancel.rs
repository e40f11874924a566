//! A run is stopped.

use app::api::runs::RunsPort;
use app::model::ids::{ProjectId, RunId};

use super::shapes::{RunReply, of_project};
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Stops a run
///
/// Asks that are under way are waited for, the others are not sent.
#[utoipa::path(
    post,
    path = "/projects/{id}/runs/{run_id}/cancel",
    operation_id = "cancel_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(in crate::http::rest) async fn cancel(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    of_project(&services, project_id, run_id).await?;
    let run = services.cancel_run(run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}
