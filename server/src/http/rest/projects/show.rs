//! One project, with its newest numbers.

use std::collections::BTreeMap;

use app::model::ids::ProjectId;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use super::fields::Project;
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::http::rest::snapshots::latest::{Latest, latest};
use crate::services::Services;

/// An answer of `GET` and `PUT /projects/{id}`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ProjectReply {
    project: Project,
    /// The newest numbers of each provider.
    latest_metrics: BTreeMap<Provider, Latest>,
}

/// One project, with its newest numbers
#[utoipa::path(
    get,
    path = "/projects/{id}",
    operation_id = "show_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "The project", body = Success<ProjectReply>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<ProjectReply> {
    let project = services.project_overview(project_id).await?.into();
    let latest_metrics = latest(&services.latest_snapshots(project_id).await?);
    Ok(success(ProjectReply {
        project,
        latest_metrics,
    }))
}
