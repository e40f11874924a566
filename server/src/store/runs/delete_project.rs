//! Deleting a project: it is out of sight at once, and its run ends.

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use crate::store::accounts::replies;
use crate::store::entity::project;
use crate::store::sql::rows;
use crate::store::sql::tenant::live_project;
use crate::store::{Store, StoreResult};

impl Store {
    /// Takes a project out of sight, and cancels its run. Replies that are kept may tell of it, so
    /// those of the workspace are told to have been given from now on.
    pub async fn delete_project(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let found = live_project(&tx, workspace_id, project).await?;
        // Nobody wants a demonstration back: its time is over at once.
        let deleted_at = if found.is_demo {
            now - self.retention().erase_after
        } else {
            now
        };
        let mut row: project::ActiveModel = found.into();
        row.deleted_at = Set(Some(deleted_at));
        row.next_slot_at = Set(None);
        row.update(&tx).await?;
        replies::forget_bodies(&tx, workspace_id, now).await?;
        tx.commit().await?;
        self.cancel_runs_of_deleted().await?;
        Ok(())
    }

    /// Cancels open runs of deleted projects; how many. In a transaction of its own: whoever
    /// writes outcomes locks lanes and runs before projects. A worker looks as well, in case the
    /// host dies in between, or somebody planned a run at the same moment.
    pub async fn cancel_runs_of_deleted(&self) -> StoreResult<usize> {
        let sql = "SELECT r.workspace_id, r.id FROM llm_monitoring_analysis_runs r \
            JOIN llm_monitoring_projects p ON p.id = r.project_id AND p.deleted_at IS NOT NULL \
            WHERE r.finished_at IS NULL AND r.cancel_requested_at IS NULL";
        let open: Vec<(WorkspaceId, RunId)> = rows::pairs(self.reader(), sql, []).await?;
        for &(workspace, run) in &open {
            self.cancel(workspace, run).await?;
        }
        Ok(open.len())
    }
}
