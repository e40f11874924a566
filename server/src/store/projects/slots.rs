//! When projects fall due next.

use app::model::ids::{ProjectId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::calendar::{self, Schedule};
use crate::store::StoreResult;
use crate::store::sql::record::record;
use crate::store::sql::rows;

record! {
    struct Scheduled {
        id: i64 = "p.id",
        schedule: String = "p.schedule",
        is_active: bool = "p.is_active",
        time_zone: String = "w.time_zone",
    }
}

/// Sets the next slots of a workspace's projects, or of one: the first after `now`.
pub(in crate::store) async fn set_next_slots(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    only: Option<ProjectId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let rest = "FROM llm_monitoring_projects p JOIN workspaces w ON w.id = p.workspace_id \
        WHERE p.workspace_id = $1 AND ($2 = 0 OR p.id = $2) AND p.deleted_at IS NULL \
        ORDER BY p.id";
    let only = only.map_or(0, |project| project.0);
    let found: Vec<Scheduled> =
        rows::select(tx, rest, [workspace_id.0.into(), only.into()]).await?;
    for of in found {
        let zone = calendar::time_zone(&of.time_zone);
        let next = Schedule::read(&of.schedule)
            .ok()
            .filter(|_| of.is_active)
            .and_then(|schedule| schedule.next(zone, now));
        let sql = "UPDATE llm_monitoring_projects SET next_slot_at = $2 WHERE id = $1";
        rows::execute(tx, sql, [of.id.into(), next.into()]).await?;
    }
    Ok(())
}
