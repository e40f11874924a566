//! A deleted project is brought back.

use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A project is back.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Restored {
    id: ProjectId,
}

/// Brings a deleted project back
///
/// With everything that it had; its schedule goes on. Its cancelled run stays so.
#[utoipa::path(
    post,
    path = "/projects/{id}/restore",
    operation_id = "restore_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "It is back", body = Success<Restored>)),
)]
pub(in crate::http::rest) async fn restore(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<Restored> {
    services.restore_project(project_id).await?;
    Ok(success(Restored { id: project_id }))
}
