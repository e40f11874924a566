//! Notes on the charts of a project: what people have written, and when a setting was changed.
//!
//! Invariant: they have an end. Of those that people write there are only so many, of those that
//! were removed a few, and of each setting one a day.

use app::model::ids::{NoteId, ProjectId, UserId, WorkspaceId};
use app::model::notes::{MOST_WRITTEN_NOTES, NoteOrigin};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseTransaction, Value};

use crate::calendar;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::{project_exists, time_zone};
use crate::store::{Store, StoreError, StoreResult};

/// Removed notes of a project that can still be restored, the last removed.
const RESTORABLE: u32 = 20;

record! {
    /// A note that is kept.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredNote {
        /// Id.
        pub id: NoteId = "n.id",
        /// Its day, in the workspace's time zone.
        pub day: NaiveDate = "n.day",
        /// Whence it comes.
        pub origin: NoteOrigin = "n.origin",
        /// What somebody wrote; empty: a setting was changed.
        pub text: String = "n.text",
        /// What the setting was; empty: it was off.
        pub old_value: String = "n.old_value",
        /// What it became; empty: it was switched off.
        pub new_value: String = "n.new_value",
        /// The address of whoever wrote it.
        pub author: Option<String> = "u.email",
        /// When it was written.
        pub created_at: DateTime<Utc> = "n.created_at",
    }
}

/// A note that somebody writes.
#[derive(Clone, Copy, Debug)]
pub struct NewNote<'a> {
    /// Who.
    pub author: UserId,
    /// Its day.
    pub day: NaiveDate,
    /// What it says.
    pub text: &'a str,
}

/// A setting that was changed, by its values for a note; empty: off.
#[derive(Clone, Debug)]
pub(in crate::store) struct SettingChange {
    pub(in crate::store) origin: NoteOrigin,
    pub(in crate::store) old: String,
    pub(in crate::store) new: String,
}

const NOTES: &str = "FROM llm_monitoring_chart_notes n LEFT JOIN users u ON u.id = n.author_id \
    WHERE n.project_id = $1 AND n.removed_at IS NULL";

impl Store {
    /// The notes of a period, the earliest first.
    pub async fn chart_notes(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> StoreResult<Vec<StoredNote>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let rest = format!("{NOTES} AND n.day >= $2 AND n.day <= $3 ORDER BY n.day, n.id");
        let values = [project.0.into(), from.into(), to.into()];
        rows::select(self.reader(), rest, values).await
    }

    /// The notes that people have written in a project, the newest day first.
    pub async fn written_notes(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<StoredNote>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let rest = format!("{NOTES} AND n.origin = $2 ORDER BY n.day DESC, n.id DESC");
        let values = [project.0.into(), NoteOrigin::Person.word().into()];
        rows::select(self.reader(), rest, values).await
    }

    /// Writes a note; `None`: the project has as many as it may.
    pub async fn add_chart_note(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        note: NewNote<'_>,
    ) -> StoreResult<Option<NoteId>> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        if !has_room(&tx, workspace_id, project).await? {
            return Ok(None);
        }
        let sql = "INSERT INTO llm_monitoring_chart_notes \
            (workspace_id, project_id, day, origin, text, author_id, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
        let values: [Value; 7] = [
            workspace_id.0.into(),
            project.0.into(),
            note.day.into(),
            NoteOrigin::Person.word().into(),
            note.text.into(),
            note.author.0.into(),
            now.into(),
        ];
        let id = rows::value(&tx, sql, values).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a note away that somebody has written. The last ones can be restored.
    pub async fn remove_chart_note(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        note: NoteId,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        hold_project(&tx, workspace_id, project).await?;
        let sql = "UPDATE llm_monitoring_chart_notes SET removed_at = $4 \
            WHERE id = $1 AND project_id = $2 AND origin = $3 AND removed_at IS NULL";
        let values: [Value; 4] = [
            note.0.into(),
            project.0.into(),
            NoteOrigin::Person.word().into(),
            now.into(),
        ];
        if rows::execute(&tx, sql, values).await?.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let sql = format!(
            "DELETE FROM llm_monitoring_chart_notes \
             WHERE project_id = $1 AND removed_at IS NOT NULL AND id NOT IN \
                 (SELECT id FROM llm_monitoring_chart_notes \
                  WHERE project_id = $1 AND removed_at IS NOT NULL \
                  ORDER BY removed_at DESC, id DESC LIMIT {RESTORABLE})"
        );
        rows::execute(&tx, sql, [project.0.into()]).await?;
        Ok(tx.commit().await?)
    }

    /// Brings a removed note back; `false`: the project has as many as it may by now.
    pub async fn restore_chart_note(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        note: NoteId,
    ) -> StoreResult<bool> {
        let tx = self.begin_write().await?;
        let has_room = has_room(&tx, workspace_id, project).await?;
        let sql = "UPDATE llm_monitoring_chart_notes SET removed_at = NULL \
            WHERE id = $1 AND project_id = $2 AND removed_at IS NOT NULL";
        let values = [note.0.into(), project.0.into()];
        if rows::execute(&tx, sql, values).await?.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        if has_room {
            tx.commit().await?;
        }
        Ok(has_room)
    }
}

/// Keeps other transactions from writing notes of a project until this one ends.
async fn hold_project(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
) -> StoreResult<()> {
    let sql = format!(
        "SELECT id FROM llm_monitoring_projects \
         WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL{}",
        rows::for_update(tx, "llm_monitoring_projects")
    );
    let values = [project.0.into(), workspace_id.0.into()];
    rows::one(tx, sql, values)
        .await?
        .map(drop)
        .ok_or(StoreError::NotFound)
}

/// Whether a project may have one more note, which nobody else writes meanwhile.
async fn has_room(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
) -> StoreResult<bool> {
    hold_project(tx, workspace_id, project).await?;
    let sql = "SELECT COUNT(*) FROM llm_monitoring_chart_notes \
        WHERE project_id = $1 AND origin = $2 AND removed_at IS NULL";
    let values = [project.0.into(), NoteOrigin::Person.word().into()];
    let written: Option<i64> = rows::value(tx, sql, values).await?;
    Ok(written.unwrap_or_default() < MOST_WRITTEN_NOTES)
}

/// Keeps that a setting was changed, of one project or of all of a workspace. Changed again on the
/// same day it is one note, and none where it is as it was.
pub(in crate::store) async fn note(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    only: Option<ProjectId>,
    change: &SettingChange,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if change.old == change.new {
        return Ok(());
    }
    let today = calendar::day(time_zone(tx, workspace_id).await?, now);
    let only = only.map_or(0, |project| project.0);
    let sql = "INSERT INTO llm_monitoring_chart_notes \
        (workspace_id, project_id, day, origin, old_value, new_value, created_at) \
        SELECT p.workspace_id, p.id, $3, $4, $5, $6, $7 FROM llm_monitoring_projects p \
        WHERE p.workspace_id = $1 AND ($2 = 0 OR p.id = $2) AND p.deleted_at IS NULL \
        ON CONFLICT (project_id, origin, day) WHERE origin <> 'person' \
        DO UPDATE SET new_value = excluded.new_value, created_at = excluded.created_at";
    let values: [Value; 7] = [
        workspace_id.0.into(),
        only.into(),
        today.into(),
        change.origin.word().into(),
        change.old.as_str().into(),
        change.new.as_str().into(),
        now.into(),
    ];
    rows::execute(tx, sql, values).await?;
    let sql = "DELETE FROM llm_monitoring_chart_notes \
        WHERE project_id IN (SELECT id FROM llm_monitoring_projects \
            WHERE workspace_id = $1 AND ($2 = 0 OR id = $2)) \
        AND day = $3 AND origin = $4 AND old_value = new_value";
    let values: [Value; 4] = [
        workspace_id.0.into(),
        only.into(),
        today.into(),
        change.origin.word().into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}
