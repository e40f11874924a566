//! Deleted projects: listed, and restorable until they begin to be erased. A demonstration is
//! neither: another one is made at once.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::project::DeletedProject;
use chrono::{DateTime, Utc};
use sea_orm::Value;

use super::error::ProjectError;
use super::{quotas, slots};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Deleted projects that a list shows.
const SHOWN: u32 = 200;

record! {
    struct DeletedRow {
        id: ProjectId = "id",
        name: String = "name",
        brand_name: String = "brand_name",
        deleted_at: DateTime<Utc> = "deleted_at",
    }
}

impl Store {
    /// The projects of a workspace that can be restored, the last deleted first.
    pub async fn deleted_projects(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<DeletedProject>> {
        let rest = format!(
            "FROM llm_monitoring_projects \
             WHERE workspace_id = $1 AND deleted_at IS NOT NULL AND erase_begun_at IS NULL \
             AND NOT is_demo ORDER BY deleted_at DESC, id DESC LIMIT {SHOWN}"
        );
        let found: Vec<DeletedRow> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        Ok(found
            .into_iter()
            .map(|row| DeletedProject {
                id: row.id,
                name: row.name,
                brand_name: row.brand_name,
                deleted_at: row.deleted_at,
                erased_from: row.deleted_at + self.retention().erase_after,
            })
            .collect())
    }

    /// Brings a deleted project back as it was; its schedule goes on.
    ///
    /// # Errors
    /// Another project has its name by now, or the workspace has as many as it may.
    pub async fn restore_project(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> Result<(), ProjectError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let before = quotas::hold(&tx, workspace_id, self.retention().quotas).await?;
        let sql = "UPDATE llm_monitoring_projects SET deleted_at = NULL, updated_at = $3 \
            WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NOT NULL \
            AND erase_begun_at IS NULL AND NOT is_demo";
        let values: [Value; 3] = [project.0.into(), workspace_id.0.into(), now.into()];
        let restored = rows::execute(&tx, sql, values)
            .await
            .map_err(ProjectError::from_store)?;
        if restored.rows_affected() == 0 {
            return Err(StoreError::NotFound.into());
        }
        self.check_quotas(&tx, workspace_id, &before).await?;
        slots::set_next_slots(&tx, workspace_id, Some(project), now).await?;
        tx.commit().await?;
        Ok(())
    }
}
