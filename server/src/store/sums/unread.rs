//! Answers that could not be read under a revision, so that their mentions are unknown.
//!
//! Invariant: such an answer has no findings under that revision. No sum counts it as an answer
//! that names nobody. It is read again with every later revision.

use app::model::ids::{AnswerId, RevisionId, WorkspaceId};
use sea_orm::DatabaseTransaction;

use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreResult};

impl Store {
    /// How many answers could not be read under the revisions that are shown, in all projects that
    /// are not deleted.
    pub async fn count_of_unread_answers(&self) -> StoreResult<i64> {
        let sql = "SELECT COUNT(*) FROM llm_monitoring_unread n \
            JOIN llm_monitoring_revisions v ON v.id = n.revision_id AND v.status = 'active' \
            JOIN llm_monitoring_projects p ON p.id = v.project_id AND p.deleted_at IS NULL";
        Ok(rows::value(self.reader(), sql, []).await?.unwrap_or(0))
    }
}

/// Notes that answers could not be read.
pub(in crate::store) async fn write_unread(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    unread: Vec<(RevisionId, AnswerId)>,
) -> StoreResult<()> {
    let row = |(revision, answer): (RevisionId, AnswerId)| {
        new_row! {
            revision_id = revision.0,
            result_id = answer.0,
            workspace_id = workspace_id.0,
        }
    };
    let unread = unread.into_iter().map(row).collect();
    rows::insert_rows(tx, "llm_monitoring_unread", unread, "").await?;
    Ok(())
}

/// The condition that the answer whose id is `answer` could not be read under a revision; both are
/// columns or values.
pub(in crate::store) fn is_unread(answer: &str, revision: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM llm_monitoring_unread n \
         WHERE n.result_id = {answer} AND n.revision_id = {revision})"
    )
}
