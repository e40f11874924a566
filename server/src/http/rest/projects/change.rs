//! Changes of a project, field by field.

use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;

use super::draft::read_draft;
use super::fields::{ProjectFields, field_name};
use super::show::{ProjectReply, show};
use crate::http::path::Ids;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success, with_fields};
use crate::services::Services;

/// Changes a project
///
/// Absent fields stay as they are.
#[utoipa::path(
    put,
    path = "/projects/{id}",
    operation_id = "change_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    request_body = ProjectFields,
    responses((status = 200, description = "The project as it is now", body = Success<ProjectReply>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(fields): Body<ProjectFields>,
) -> Reply<ProjectReply> {
    let present = services.project_draft(project_id).await?;
    let names_ids = fields.names_model_ids();
    let draft = read_draft(&services, fields, present, false).await?;
    let changed = services.update_project(project_id, draft).await;
    changed.map_err(|error| with_fields(error, |field| field_name(field, names_ids)))?;
    show(services, Ids(project_id)).await
}
