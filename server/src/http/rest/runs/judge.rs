//! A judge reads the answers of a run.

use app::api::runs::RunsPort;
use app::model::ids::{ProjectId, RunId};

use super::shapes::{RunReply, of_project};
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Has a judge read the answers of a run that it has not read yet
#[utoipa::path(
    post,
    path = "/projects/{id}/runs/{run_id}/judge",
    operation_id = "judge_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(in crate::http::rest) async fn judge(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    of_project(&services, project_id, run_id).await?;
    let run = services.judge_run(run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}
