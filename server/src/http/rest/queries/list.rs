//! The questions of a project.

use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;

use super::shapes::{QueryList, listed};
use crate::http::path::Ids;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// The questions of a project, in their order
#[utoipa::path(
    get,
    path = "/projects/{id}/queries",
    operation_id = "list_queries",
    tag = "queries",
    params(("id" = ProjectId, Path, description = "Project"), Page),
    responses((status = 200, description = "A page of questions", body = Success<QueryList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<Page>,
) -> Reply<QueryList> {
    let page = params.done()?;
    let prompts = services.project(project_id).await?.prompts;
    Ok(success(listed(prompts, page)))
}
