//! When projects fall due next.

use app::model::ids::{ProjectId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::engine::calendar;
use crate::engine::schedule::Schedule;
use crate::store::StoreResult;
use crate::store::sql::rows;

/// Sets the next slots of a workspace's projects, or of one: the first after `now`.
pub(in crate::store) async fn set_next_slots(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    only: Option<ProjectId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "SELECT p.id, p.schedule, p.is_active, w.time_zone \
        FROM llm_monitoring_projects p JOIN workspaces w ON w.id = p.workspace_id \
        WHERE p.workspace_id = $1 AND ($2 = 0 OR p.id = $2) AND p.deleted_at IS NULL \
        ORDER BY p.id";
    let only = only.map_or(0, |project| project.0);
    for row in rows::all(tx, sql, [workspace.0.into(), only.into()]).await? {
        let (id, expression): (i64, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let is_active: bool = row.try_get_by_index(2)?;
        let zone = calendar::time_zone(&row.try_get_by_index::<String>(3)?);
        let next = Schedule::read(&expression)
            .ok()
            .filter(|_| is_active)
            .and_then(|schedule| schedule.next(zone, now));
        let sql = "UPDATE llm_monitoring_projects SET next_slot_at = $2 WHERE id = $1";
        rows::execute(tx, sql, [id.into(), next.into()]).await?;
    }
    Ok(())
}
