//! The projects that a person has pinned: they come first in that person's list.

use app::model::ids::{ProjectId, UserId, WorkspaceId};

use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

impl Store {
    /// The projects of a workspace that somebody has pinned.
    pub async fn pinned_projects(
        &self,
        workspace_id: WorkspaceId,
        user: UserId,
    ) -> StoreResult<Vec<ProjectId>> {
        let sql = "SELECT project_id FROM llm_monitoring_pins \
            WHERE user_id = $1 AND workspace_id = $2 ORDER BY project_id";
        rows::column(self.reader(), sql, [user.0.into(), workspace_id.0.into()]).await
    }

    /// Pins a project for somebody, or takes the pin away; either may be so already.
    pub async fn pin_project(
        &self,
        workspace_id: WorkspaceId,
        user: UserId,
        project: ProjectId,
        is_pinned: bool,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        project_exists(&tx, workspace_id, project).await?;
        let sql = if is_pinned {
            "INSERT INTO llm_monitoring_pins (user_id, project_id, workspace_id) \
             VALUES ($1, $2, $3) ON CONFLICT (user_id, project_id) DO NOTHING"
        } else {
            "DELETE FROM llm_monitoring_pins \
             WHERE user_id = $1 AND project_id = $2 AND workspace_id = $3"
        };
        let values = [user.0.into(), project.0.into(), workspace_id.0.into()];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }
}
