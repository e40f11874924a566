//! What failed in a run is asked again.

use app::model::ids::{ProjectId, RunId};

use super::shapes::{RunReply, of_project};
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Has the asks of a run that failed asked again
///
/// A run of just these asks begins. Called again, it gives the same run; what fails in that one
/// can be retried there.
#[utoipa::path(
    post,
    path = "/projects/{id}/runs/{run_id}/retry",
    operation_id = "retry_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run that asks them", body = Success<RunReply>)),
)]
pub(in crate::http::rest) async fn retry(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    of_project(&services, project_id, run_id).await?;
    let run = services.retry_run_by_api(run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}
