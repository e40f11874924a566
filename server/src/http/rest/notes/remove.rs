//! A note is taken away.

use app::api::notes::NotesPort;
use app::model::ids::{NoteId, ProjectId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A note is gone.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ChartNoteRemoved {
    id: NoteId,
}

/// Takes a note away from the charts of a project
#[utoipa::path(
    delete,
    path = "/projects/{id}/notes/{note_id}",
    operation_id = "remove_note",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("note_id" = NoteId, Path, description = "Note"),
    ),
    responses((status = 200, description = "It is gone", body = Success<ChartNoteRemoved>)),
)]
pub(in crate::http::rest) async fn remove(
    services: Services,
    Ids((project_id, note_id)): Ids<(ProjectId, NoteId)>,
) -> Reply<ChartNoteRemoved> {
    services.remove_note(project_id, note_id).await?;
    Ok(success(ChartNoteRemoved { id: note_id }))
}
