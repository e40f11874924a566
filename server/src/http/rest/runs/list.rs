//! The runs of a project.

use app::model::ids::{ProjectId, RunId};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Run;
use crate::http::path::Ids;
use crate::http::rest::params::{Params, parameters};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Runs a page where the caller says nothing.
const LIMIT: u32 = 50;

/// An answer of `/projects/{id}/runs`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct RunList {
    runs: Vec<Run>,
    /// On all pages.
    total: i64,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

parameters! {
    /// Which part of the list.
    pub(in crate::http::rest) struct RunPageParams {
        /// Rows a page, 50 where it is missing
        limit: Option<u32> = 1..=200,
        /// The `next_cursor` of the page before
        #[param(value_type = Option<String>)]
        cursor: Option<RunId>,
    }
}

/// The runs of a project, the newest first
#[utoipa::path(
    get,
    path = "/projects/{id}/runs",
    operation_id = "list_runs",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        RunPageParams,
    ),
    responses((status = 200, description = "A page of runs", body = Success<RunList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<RunPageParams>,
) -> Reply<RunList> {
    let part = params.done()?;
    let limit = part.limit.unwrap_or(LIMIT);
    let page = services
        .runs_page(project_id, part.cursor, limit.into())
        .await?;
    Ok(success(RunList {
        runs: page.runs.into_iter().map(Run::from).collect(),
        total: page.total,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}
