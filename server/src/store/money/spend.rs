//! What was spent in a month, and what is set aside beyond that.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::money::Money;
use chrono::{Months, NaiveDate};
use sea_orm::ConnectionTrait;

use crate::store::sql::rows;
use crate::store::{StoreError, StoreResult};

/// A month's days: the first, and the day after the last. Each day is of one month, so that
/// what was paid on it counts in one month's budgets, whatever the time zone is by now.
pub(super) fn days_of_month(first: NaiveDate) -> (NaiveDate, NaiveDate) {
    let next = first.checked_add_months(Months::new(1));
    (first, next.unwrap_or(NaiveDate::MAX))
}

/// What a workspace, or one project of it, has spent in a month, and what open lanes, judge
/// passes and other calls have set aside beyond that. One statement: neither is older than the other.
pub(super) async fn spent_and_reserved(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project: Option<ProjectId>,
    month: NaiveDate,
) -> StoreResult<(Money, Money)> {
    let of_project = project.map_or(String::new(), |project| {
        format!(" AND project_id = {}", project.0)
    });
    let sql = format!(
        "SELECT (SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days \
            WHERE workspace_id = $1 AND day >= $2 AND day < $3{of_project}), \
         (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) FROM llm_monitoring_lanes \
            WHERE workspace_id = $1 AND status <> 'done'{of_project}) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_monitoring_judge_passes \
            WHERE workspace_id = $1 AND status IN ('queued', 'running'){of_project}) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_spend_reservations WHERE workspace_id = $1{of_project})"
    );
    let (first, end) = days_of_month(month);
    let values = [workspace_id.0.into(), first.into(), end.into()];
    rows::one_pair(connection, sql, values)
        .await?
        .ok_or(StoreError::NotFound)
}
