//! The ledger and its sums by day.
//!
//! Invariant: an entry and its day's sum are written in one transaction; spend is never reset,
//! a new month is just another range of days.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use super::outcome_rows::{LEDGER_COLUMNS, count};
use super::{StoreResult, rows};
use crate::engine::{Payer, calendar};

/// Writes entries of one payer, whose amounts add up to `sum`, and adds them to their day.
pub(super) async fn book(
    txn: &DatabaseTransaction,
    payer: Payer,
    entries: Vec<[Value; 9]>,
    sum: Money,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO llm_spend_days \
        (workspace_id, day, project_id, model_id, amount_nano_usd, entries) \
        VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (workspace_id, day, COALESCE(project_id, 0), model_id) DO UPDATE SET \
        amount_nano_usd = llm_spend_days.amount_nano_usd + excluded.amount_nano_usd, \
        entries = llm_spend_days.entries + excluded.entries";
    let values = [
        payer.workspace.0.into(),
        calendar::day(payer.time_zone, now).into(),
        payer.project.map(|project| project.0).into(),
        payer.model.0.into(),
        sum.nanos().into(),
        count(entries.len()).into(),
    ];
    rows::execute(txn, sql, values).await?;
    rows::insert(txn, "llm_spend_ledger", LEDGER_COLUMNS, entries, "").await?;
    Ok(())
}

/// What a workspace, or one project of it, has spent since a day, and what open lanes, judge
/// passes and other calls have set aside beyond that. One statement: neither is older than the other.
pub(super) async fn spent_and_reserved(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
    since: NaiveDate,
) -> StoreResult<(Money, Money)> {
    let of_project = project.map_or(String::new(), |project| {
        format!(" AND project_id = {}", project.0)
    });
    let sql = format!(
        "SELECT (SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days \
            WHERE workspace_id = $1 AND day >= $2{of_project}), \
         (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) FROM llm_monitoring_lanes \
            WHERE workspace_id = $1 AND status <> 'done'{of_project}) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_monitoring_judge_passes \
            WHERE workspace_id = $1 AND status IN ('queued', 'running'){of_project}) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_spend_reservations WHERE workspace_id = $1{of_project})"
    );
    let row = rows::one(connection, sql, [workspace.0.into(), since.into()])
        .await?
        .ok_or(super::StoreError::NotFound)?;
    Ok((
        Money::from_nanos(row.try_get_by_index(0)?),
        Money::from_nanos(row.try_get_by_index(1)?),
    ))
}
