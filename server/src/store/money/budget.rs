//! The budget of a workspace, and what the ledger says is spent of it.

use app::model::ids::WorkspaceId;
use app::model::keys::BudgetView;
use app::model::money::Money;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::spend::spent_and_reserved;
use crate::calendar;
use crate::store::entity::workspace;
use crate::store::{Store, StoreError, StoreResult};

/// A change of the budget; `None` leaves a value as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetChange {
    /// A month.
    pub monthly: Option<Money>,
    /// Percent of the budget at which to warn.
    pub threshold_percent: Option<i64>,
    /// Whether models without a price are asked too.
    pub allow_unpriced: Option<bool>,
}

impl Store {
    /// Budget and spend of the present month, with what is to be said of them.
    pub async fn budget(&self, workspace_id: WorkspaceId) -> StoreResult<BudgetView> {
        let mut view = self.workspace_budget(workspace_id).await?;
        view.alerts = self.alerts(workspace_id, &view).await?;
        Ok(view)
    }

    /// Budget and spend of the present month, which turns in the workspace's time zone. Without
    /// alerts: for those who only count.
    pub async fn workspace_budget(&self, workspace_id: WorkspaceId) -> StoreResult<BudgetView> {
        let row = workspace::Entity::find_by_id(workspace_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let zone = calendar::time_zone(&row.time_zone);
        let now = self.clock().now();
        let month = calendar::month(zone, now);
        let (spent, reserved) =
            spent_and_reserved(self.reader(), workspace_id, None, month).await?;
        Ok(BudgetView {
            monthly: Money::from_nanos(row.monthly_budget_nano_usd),
            spent,
            reserved,
            threshold_percent: row.spending_alert_threshold,
            allow_unpriced: row.allow_unpriced,
            month_started_at: calendar::month_start(zone, now),
            alerts: Vec::new(),
        })
    }

    /// Changes the budget; `None` leaves a value as it is.
    pub async fn save_budget(
        &self,
        workspace_id: WorkspaceId,
        change: BudgetChange,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        put_budget(&tx, workspace_id, change).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes a change of the budget within a transaction.
pub(in crate::store) async fn put_budget(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    change: BudgetChange,
) -> StoreResult<()> {
    let mut update =
        workspace::Entity::update_many().filter(workspace::Column::Id.eq(workspace_id.0));
    if let Some(monthly) = change.monthly {
        update = update.col_expr(
            workspace::Column::MonthlyBudgetNanoUsd,
            Expr::value(monthly.nanos()),
        );
    }
    if let Some(percent) = change.threshold_percent {
        update = update.col_expr(
            workspace::Column::SpendingAlertThreshold,
            Expr::value(percent),
        );
    }
    if let Some(allow) = change.allow_unpriced {
        update = update.col_expr(workspace::Column::AllowUnpriced, Expr::value(allow));
    }
    if change != BudgetChange::default() {
        update.exec(tx).await?;
    }
    Ok(())
}
