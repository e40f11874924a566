//! A note is written.

use app::api::notes::NotesPort;
use app::model::ids::{NoteId, ProjectId};
use app::model::notes::NoteDraft;
use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Success, success};
use crate::services::Services;

/// A note to be written.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct ChartNoteFields {
    /// A day such as 2026-11-24, up to today.
    day: String,
    /// A line of at most 200 characters.
    text: String,
}

/// The note that was written.
#[derive(Serialize, ToSchema)]
struct MadeNote {
    id: NoteId,
}

/// A note is there.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ChartNoteMade {
    note: MadeNote,
}

/// Writes a note on the charts of a project
///
/// Everybody in the workspace sees it, with its number, at its day. A project may have 200.
#[utoipa::path(
    post,
    path = "/projects/{id}/notes",
    operation_id = "add_note",
    tag = "metrics",
    params(("id" = ProjectId, Path, description = "Project")),
    request_body = ChartNoteFields,
    responses((status = 201, description = "It is there", body = Success<ChartNoteMade>)),
)]
pub(in crate::http::rest) async fn add(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(fields): Body<ChartNoteFields>,
) -> Result<(StatusCode, Json<Success<ChartNoteMade>>), Problem> {
    let draft = NoteDraft {
        day: fields.day,
        text: fields.text,
    };
    let id = services.add_note(project_id, draft).await?;
    let note = MadeNote { id };
    Ok((StatusCode::CREATED, success(ChartNoteMade { note })))
}
