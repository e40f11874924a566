//! The job of a project.

use app::model::ids::ProjectId;

use super::shapes::{JobReply, job};
use crate::http::path::Ids;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// The job of a project, with its last times and what it said
#[utoipa::path(
    get,
    path = "/projects/{id}/schedule",
    operation_id = "show_project_schedule",
    tag = "schedule",
    params(("id" = ProjectId, Path, description = "Project"), Page),
    responses((status = 200, description = "The job", body = Success<JobReply>)),
)]
pub(in crate::http::rest) async fn show_of_project(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<Page>,
) -> Reply<JobReply> {
    job(services, Some(project_id), params.done()?).await
}
