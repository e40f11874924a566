//! The days on which a project has answers.
//!
//! Invariant: reads only, and only the active revision's snapshots.

use app::model::ids::{ProjectId, RevisionId, WorkspaceId};
use chrono::NaiveDate;

use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Days that are told of at most: the newest, as many as one look may span.
const MOST_DAYS: usize = 1_830;

impl Store {
    /// The days with answers, of any model, the earliest first.
    pub async fn answer_days(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<NaiveDate>> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let sql = format!(
            "SELECT DISTINCT s.snapshot_date FROM llm_monitoring_snapshots s \
             WHERE s.revision_id = $1 AND s.prompts = 'all' AND s.answers > 0 \
             ORDER BY s.snapshot_date DESC LIMIT {MOST_DAYS}"
        );
        let revision = revision.map_or(0, |RevisionId(id)| id);
        let mut days: Vec<NaiveDate> = rows::column(reader, sql, [revision.into()]).await?;
        days.reverse();
        Ok(days)
    }
}
