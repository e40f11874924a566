//! Notes on the charts of a project: those that people write, and those of changed settings.

use app::api::error::ApiError;
use app::api::notes::NotesPort;
use app::model::dashboard::DashboardQuery;
use app::model::ids::{NoteId, ProjectId};
use app::model::notes::{MOST_WRITTEN_NOTES, NoteDraft, NoteOrigin};
use app::model::overview::{ChartSeries, MOST_NOTES, Note, NoteKind};
use app::texts::errors;
use app::validate;
use async_trait::async_trait;

use crate::auth::Viewer;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::projects::{NewNote, StoredNote};

impl Services {
    /// A chart with the notes that are kept: no sum tells when there is another one.
    pub(super) async fn with_kept_notes(
        &self,
        by: Viewer,
        of: &DashboardQuery,
        mut chart: ChartSeries,
    ) -> ServiceResult<ChartSeries> {
        let days = (of.from, of.to);
        let kept = self
            .host
            .store
            .chart_notes(by.workspace(), of.project_id, days)
            .await?;
        chart.notes = merged(chart.notes, kept);
        Ok(chart)
    }

    /// The notes that people have written in a project, the newest day first.
    pub async fn written_notes(&self, project: ProjectId) -> Result<Vec<StoredNote>, ApiError> {
        let found = async {
            let by = self.viewer()?;
            let store = &self.host.store;
            Ok(store.written_notes(by.workspace(), project).await?)
        };
        self.reply(found.await)
    }

    fn too_many_notes(&self) -> ServiceError {
        let message = errors::QUOTA_NOTES.fill(self.language, &[("max", &MOST_WRITTEN_NOTES)]);
        ServiceError::ConflictMessage(message)
    }
}

#[async_trait]
impl NotesPort for Services {
    async fn add_note(&self, project_id: ProjectId, draft: NoteDraft) -> Result<NoteId, ApiError> {
        let added = async {
            let by = self.editor()?;
            let (day, text) = validate::note(self.language, &draft, self.today())?;
            let note = NewNote {
                author: by.user(),
                day,
                text: &text,
            };
            let store = &self.host.store;
            let added = store
                .add_chart_note(by.workspace(), project_id, note)
                .await?;
            added.ok_or_else(|| self.too_many_notes())
        };
        self.reply(added.await)
    }

    async fn remove_note(&self, project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError> {
        let removed = async {
            let by = self.editor()?;
            let store = &self.host.store;
            store
                .remove_chart_note(by.workspace(), project_id, note_id)
                .await?;
            Ok(())
        };
        self.reply(removed.await)
    }

    async fn restore_note(&self, project_id: ProjectId, note_id: NoteId) -> Result<(), ApiError> {
        let restored = async {
            let by = self.editor()?;
            let store = &self.host.store;
            let is_there = store
                .restore_chart_note(by.workspace(), project_id, note_id)
                .await?;
            if is_there {
                Ok(())
            } else {
                Err(self.too_many_notes())
            }
        };
        self.reply(restored.await)
    }
}

/// All notes by day. Of those that nobody wrote, the newest.
fn merged(mut notes: Vec<Note>, kept: Vec<StoredNote>) -> Vec<Note> {
    notes.extend(kept.into_iter().map(note));
    notes.sort_by_key(|note| note.day);
    let told = notes.iter().filter(|note| !note.kind.is_written()).count();
    let mut older = told.saturating_sub(MOST_NOTES);
    notes.retain(|note| {
        let goes = older > 0 && !note.kind.is_written();
        older -= usize::from(goes);
        !goes
    });
    notes
}

fn note(kept: StoredNote) -> Note {
    Note {
        id: format!("note-{}", kept.id),
        day: kept.day,
        kind: match kept.origin {
            NoteOrigin::Person => NoteKind::Written {
                note_id: kept.id,
                text: kept.text,
                author: kept.author,
            },
            NoteOrigin::Judge => NoteKind::JudgeChanged {
                old: kept.old_value,
                new: kept.new_value,
            },
            NoteOrigin::Schedule => NoteKind::ScheduleChanged {
                old: kept.old_value,
                new: kept.new_value,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Days, NaiveDate};

    use super::*;

    fn day(days: usize) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
        first + Days::new(u64::try_from(days).expect("a few days"))
    }

    fn kept(id: i64, on: usize, origin: NoteOrigin) -> StoredNote {
        StoredNote {
            id: NoteId(id),
            day: day(on),
            origin,
            text: "New site".to_owned(),
            old_value: String::new(),
            new_value: "0 4 * * *".to_owned(),
            author: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    fn found(on: usize) -> Note {
        Note {
            id: format!("model-{on}"),
            day: day(on),
            kind: NoteKind::ModelNew {
                name: "Sonar".to_owned(),
            },
        }
    }

    fn ids(notes: &[Note]) -> Vec<&str> {
        notes.iter().map(|note| note.id.as_str()).collect()
    }

    #[test]
    fn notes_come_by_day() {
        let kept = vec![
            kept(1, 2, NoteOrigin::Schedule),
            kept(2, 4, NoteOrigin::Person),
        ];
        let notes = merged(vec![found(2), found(3)], kept);
        assert_eq!(ids(&notes), ["model-2", "note-1", "model-3", "note-2"]);
        assert!(matches!(&notes[1].kind, NoteKind::ScheduleChanged { old, .. } if old.is_empty()));
        assert!(notes[3].kind.is_written());
    }

    #[test]
    fn what_people_wrote_is_never_left_out() {
        let told = (1..=MOST_NOTES + 2).map(found).collect();
        let notes = merged(told, vec![kept(1, 0, NoteOrigin::Person)]);
        assert_eq!(notes.len(), MOST_NOTES + 1);
        assert_eq!(ids(&notes)[..2], ["note-1", "model-3"]);
    }
}
