//! Notes as they are shown.

use app::model::ids::NoteId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::sums::StoredNote;

/// A note on the charts of a project.
#[derive(Serialize, ToSchema)]
pub(super) struct ChartNote {
    id: NoteId,
    /// In the workspace's time zone.
    day: NaiveDate,
    text: String,
    /// The address of whoever wrote it; nothing: nobody who is known any more.
    author: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<StoredNote> for ChartNote {
    fn from(note: StoredNote) -> Self {
        Self {
            id: note.id,
            day: note.day,
            text: note.text,
            author: note.author,
            created_at: note.created_at,
        }
    }
}
