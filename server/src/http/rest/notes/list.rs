//! The notes that people have written.

use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::ChartNote;
use crate::http::path::Ids;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Notes on the charts of a project.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ChartNoteList {
    notes: Vec<ChartNote>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What people have written on the charts of a project, the newest day first
#[utoipa::path(
    get,
    path = "/projects/{id}/notes",
    operation_id = "list_notes",
    tag = "metrics",
    params(("id" = ProjectId, Path, description = "Project"), Page),
    responses((status = 200, description = "A page of notes", body = Success<ChartNoteList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<Page>,
) -> Reply<ChartNoteList> {
    let page = params.done()?;
    let all = services.written_notes(project_id).await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(ChartNoteList {
        notes: part.into_iter().map(ChartNote::from).collect(),
        total,
        next_cursor,
    }))
}
