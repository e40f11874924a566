//! Deleted projects: out of sight at once, restorable until they begin to be erased.

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::project::DeletedProject;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, Value};

use super::entity::project;
use super::keeping;
use super::projects::{ProjectError, live_project};
use super::{Store, StoreError, StoreResult, rows, schedules};

/// Deleted projects that a list shows.
const SHOWN: u32 = 200;

impl Store {
    /// Takes a project out of sight, and cancels its run.
    pub async fn delete_project(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let mut row: project::ActiveModel = live_project(&tx, workspace, project).await?.into();
        row.deleted_at = Set(Some(self.clock().now()));
        row.next_slot_at = Set(None);
        row.update(&tx).await?;
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
        let open = rows::all(self.reader(), sql, []).await?;
        for row in &open {
            let workspace = WorkspaceId(row.try_get_by_index(0)?);
            let run = RunId(row.try_get_by_index(1)?);
            self.cancel(workspace, run).await?;
        }
        Ok(open.len())
    }

    /// The projects of a workspace that can be restored, the last deleted first.
    pub async fn deleted_projects(
        &self,
        workspace: WorkspaceId,
    ) -> StoreResult<Vec<DeletedProject>> {
        let sql = format!(
            "SELECT id, name, brand_name, deleted_at FROM llm_monitoring_projects \
             WHERE workspace_id = $1 AND deleted_at IS NOT NULL AND erase_begun_at IS NULL \
             ORDER BY deleted_at DESC, id DESC LIMIT {SHOWN}"
        );
        let found = rows::all(self.reader(), sql, [workspace.0.into()]).await?;
        found
            .iter()
            .map(|row| {
                let deleted_at: DateTime<Utc> = row.try_get_by_index(3)?;
                Ok(DeletedProject {
                    id: ProjectId(row.try_get_by_index(0)?),
                    name: row.try_get_by_index(1)?,
                    brand_name: row.try_get_by_index(2)?,
                    deleted_at,
                    erased_from: deleted_at + self.keeping().erase_after,
                })
            })
            .collect()
    }

    /// Brings a deleted project back as it was; its schedule goes on.
    ///
    /// # Errors
    /// Another project has its name by now, or the workspace has as many as it may.
    pub async fn restore_project(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
    ) -> Result<(), ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let before = keeping::hold(&tx, workspace, self.keeping().quotas).await?;
        let sql = "UPDATE llm_monitoring_projects SET deleted_at = NULL, updated_at = $3 \
            WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NOT NULL \
            AND erase_begun_at IS NULL";
        let values: [Value; 3] = [project.0.into(), workspace.0.into(), now.into()];
        let restored = rows::execute(&tx, sql, values)
            .await
            .map_err(ProjectError::from_store)?;
        if restored.rows_affected() == 0 {
            return Err(StoreError::NotFound.into());
        }
        self.check_quotas(&tx, workspace, &before).await?;
        schedules::set_next_slots(&tx, workspace, Some(project), now).await?;
        tx.commit().await?;
        Ok(())
    }
}
