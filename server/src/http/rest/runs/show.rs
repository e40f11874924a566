//! One run.

use app::model::ids::{ProjectId, RunId};

use super::shapes::{RunReply, of_project};
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// One run
#[utoipa::path(
    get,
    path = "/projects/{id}/runs/{run_id}",
    operation_id = "show_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    let run = of_project(&services, project_id, run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}
