//! Notes that people write on the charts of a project. They are shown by the charts themselves
//! (`overview/series`).

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::ids::{NoteId, ProjectId};
use crate::model::notes::NoteDraft;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait NotesPort {
    /// Writes a note.
    async fn add_note(&self, project_id: ProjectId, draft: NoteDraft) -> Result<NoteId, ApiError>;
    /// Takes a note away.
    async fn remove_note(&self, project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError>;
    /// Brings a note back that was just taken away.
    async fn restore_note(&self, project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError>;
}

/// Writes a note.
#[server(name = AddNoteCall, prefix = "/api/fn", endpoint = "notes/add", protocol = Call)]
pub async fn add_note(project_id: ProjectId, draft: NoteDraft) -> Result<NoteId, ApiError> {
    super::ports()?.add_note(project_id, draft).await
}

/// Takes a note away.
#[server(name = RemoveNoteCall, prefix = "/api/fn", endpoint = "notes/remove", protocol = Call)]
pub async fn remove_note(project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError> {
    super::ports()?.remove_note(project_id, note_id).await
}

/// Brings a note back that was just taken away.
#[server(name = RestoreNoteCall, prefix = "/api/fn", endpoint = "notes/restore", protocol = Call)]
pub async fn restore_note(project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError> {
    super::ports()?.restore_note(project_id, note_id).await
}
