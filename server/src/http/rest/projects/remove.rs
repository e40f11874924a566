//! A project is taken out of sight.

use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// An answer of `DELETE /projects/{id}`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Removed {
    id: ProjectId,
}

/// Takes a project out of sight
///
/// Its run is cancelled. It can be restored until it is erased, 30 days later where the host has
/// no other setting; what was paid stays in the ledger.
#[utoipa::path(
    delete,
    path = "/projects/{id}",
    operation_id = "remove_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "It is gone", body = Success<Removed>)),
)]
pub(in crate::http::rest) async fn remove(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<Removed> {
    services.delete_project(project_id).await?;
    Ok(success(Removed { id: project_id }))
}
