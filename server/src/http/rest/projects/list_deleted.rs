//! Projects that can be brought back.

use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;
use app::model::project::DeletedProject;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A project that was deleted and can be restored.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of REST's fields")]
struct Deleted {
    id: ProjectId,
    name: String,
    brand_name: String,
    deleted_at: DateTime<Utc>,
    /// From then on it may be erased, and cannot be restored any more.
    erased_from: DateTime<Utc>,
}

impl From<DeletedProject> for Deleted {
    fn from(project: DeletedProject) -> Self {
        Self {
            id: project.id,
            name: project.name,
            brand_name: project.brand_name,
            deleted_at: project.deleted_at,
            erased_from: project.erased_from,
        }
    }
}

/// An answer of `GET /projects/deleted`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct DeletedList {
    projects: Vec<Deleted>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// Deleted projects that can be restored, the last deleted first
#[utoipa::path(
    get,
    path = "/projects/deleted",
    operation_id = "list_deleted_projects",
    tag = "projects",
    params(Page),
    responses((status = 200, description = "A page of deleted projects", body = Success<DeletedList>)),
)]
pub(in crate::http::rest) async fn list_deleted(
    services: Services,
    params: Params<Page>,
) -> Reply<DeletedList> {
    let page = params.done()?;
    let all = services.deleted_projects().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(DeletedList {
        projects: part.into_iter().map(Deleted::from).collect(),
        total,
        next_cursor,
    }))
}
