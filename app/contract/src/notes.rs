//! Notes on the charts of a project, as they are written and kept.
//!
//! On a chart they stand beside what happened: [`NoteKind`](super::overview::NoteKind).

use serde::{Deserialize, Serialize};

use crate::words;

/// Notes that people may have written in a project at a time.
pub const MOST_WRITTEN_NOTES: i64 = 200;

words! {
    /// Whence a note comes that is kept.
    NoteOrigin {
        /// Somebody has written it.
        Person = "person",
        /// Another judge was chosen, or none.
        Judge = "judge",
        /// The schedule was changed.
        Schedule = "schedule",
    }
}

/// A note as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteDraft {
    /// Its day, such as `2026-11-24`.
    pub day: String,
    /// What it says.
    pub text: String,
}
