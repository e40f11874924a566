//! The runs of a project.

use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Run;
use crate::http::path::Ids;
use crate::http::rest::params::Params;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Runs a page, where the caller says nothing and at most.
const LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// An answer of `/projects/{id}/runs`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct RunList {
    runs: Vec<Run>,
    /// On all pages.
    total: i64,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// The runs of a project, the newest first
#[utoipa::path(
    get,
    path = "/projects/{id}/runs",
    operation_id = "list_runs",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("limit" = Option<u32>, Query, description = "Rows a page, 50 where it is missing", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of runs", body = Success<RunList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<RunList> {
    let limit = params.within("limit", (1, MAX_LIMIT)).unwrap_or(LIMIT);
    let before = params.number("cursor");
    params.done()?;
    let page = services.runs_page(project_id, before, limit.into()).await?;
    Ok(success(RunList {
        runs: page.runs.into_iter().map(Run::from).collect(),
        total: page.total,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}
