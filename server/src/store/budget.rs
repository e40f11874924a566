//! The budget of a workspace, and what the ledger says is spent of it.

use app::model::ids::WorkspaceId;
use app::model::keys::BudgetView;
use app::model::money::Money;
use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{ledger_entry, workspace};
use super::{Store, StoreError, StoreResult};

/// A change of the budget; `None` leaves a value as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetChange {
    /// A month.
    pub monthly: Option<Money>,
    /// Percent of the budget at which to warn.
    pub threshold_percent: Option<i64>,
}

impl Store {
    /// Budget and spend of the present month, which turns in the workspace's time zone.
    pub async fn budget(&self, workspace_id: WorkspaceId) -> StoreResult<BudgetView> {
        let row = workspace::Entity::find_by_id(workspace_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let zone = row.time_zone.parse().unwrap_or(Tz::UTC);
        let month_started_at = month_start(self.clock().now(), zone);
        Ok(BudgetView {
            monthly: Money::from_nanos(row.monthly_budget_nano_usd),
            spent: self.spent_since(workspace_id, month_started_at).await?,
            threshold_percent: row.spending_alert_threshold,
            month_started_at,
        })
    }

    /// Changes the budget; `None` leaves a value as it is.
    pub async fn save_budget(
        &self,
        workspace_id: WorkspaceId,
        monthly: Option<Money>,
        threshold_percent: Option<i64>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        put_budget(&tx, workspace_id, BudgetChange { monthly, threshold_percent }).await?;
        Ok(tx.commit().await?)
    }

    /// The ledger's sum since a moment.
    pub async fn spent_since(&self, workspace_id: WorkspaceId, since: DateTime<Utc>) -> StoreResult<Money> {
        // PostgreSQL sums whole numbers into a decimal.
        let sum = Expr::col(ledger_entry::Column::AmountNanoUsd).sum().cast_as(Alias::new("bigint"));
        let total: Option<Option<i64>> = ledger_entry::Entity::find()
            .select_only()
            .column_as(sum, "total")
            .filter(ledger_entry::Column::WorkspaceId.eq(workspace_id.0))
            .filter(ledger_entry::Column::BookedAt.gte(since))
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(Money::from_nanos(total.flatten().unwrap_or_default()))
    }
}

/// Writes a change of the budget within a transaction.
pub(super) async fn put_budget(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    change: BudgetChange,
) -> StoreResult<()> {
    let mut update = workspace::Entity::update_many().filter(workspace::Column::Id.eq(workspace_id.0));
    if let Some(monthly) = change.monthly {
        update = update.col_expr(workspace::Column::MonthlyBudgetNanoUsd, Expr::value(monthly.nanos()));
    }
    if let Some(percent) = change.threshold_percent {
        update = update.col_expr(workspace::Column::SpendingAlertThreshold, Expr::value(percent));
    }
    if change != BudgetChange::default() {
        update.exec(tx).await?;
    }
    Ok(())
}

/// The first moment of the month in a time zone.
pub fn month_start(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let local = now.with_timezone(&zone).date_naive();
    let first = local.with_day(1).unwrap_or(local);
    day_start(first, zone)
}

/// The first moment of a day in a time zone. Where the clocks jump over midnight the day
/// begins with the first moment that exists.
pub fn day_start(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    (0..=4)
        .find_map(|half_hours| zone.from_local_datetime(&(midnight + chrono::Duration::minutes(30 * half_hours))).earliest())
        .map_or_else(|| midnight.and_utc(), |start| start.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_turns_where_the_workspace_is() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("time");
        for (now, zone, expected) in [
            ("2026-11-21T06:00:00Z", Tz::UTC, "2026-11-01T00:00:00Z"),
            ("2026-10-31T23:30:00Z", Tz::Europe__Madrid, "2026-10-31T23:00:00Z"),
            ("2026-11-01T03:00:00Z", Tz::America__New_York, "2026-10-01T04:00:00Z"),
        ] {
            assert_eq!(month_start(at(now), zone), at(expected), "{now} {zone}");
        }
    }

    #[test]
    fn a_day_without_a_midnight_begins_later() {
        // In Beirut the clocks jump from 00:00 to 01:00 on this day.
        let day = NaiveDate::from_ymd_opt(2026, 3, 29).expect("day");
        let start = day_start(day, Tz::Asia__Beirut);
        assert_eq!(start.with_timezone(&Tz::Asia__Beirut).date_naive(), day);
    }
}
