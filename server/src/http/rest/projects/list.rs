//! The projects of the workspace.

use serde::Serialize;
use utoipa::ToSchema;

use super::fields::Project;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// An answer of `GET /projects`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ProjectList {
    projects: Vec<Project>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// The projects of the workspace, by name
#[utoipa::path(
    get,
    path = "/projects",
    operation_id = "list_projects",
    tag = "projects",
    params(
        Page,
    ),
    responses((status = 200, description = "A page of projects", body = Success<ProjectList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<Page>,
) -> Reply<ProjectList> {
    let page = params.done()?;
    let all = services.project_overviews().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(ProjectList {
        projects: part.into_iter().map(Project::from).collect(),
        total,
        next_cursor,
    }))
}
