//! What workspaces may spend on the operator's keys, and what they have spent on them.
//!
//! Invariant: an entry of the ledger that was paid with the operator's key adds to its day here
//! in the same transaction; who sets money aside for such a key draws on the ceiling as on any
//! budget (`reservations`).

use std::collections::BTreeMap;

use app::model::ids::WorkspaceId;
use app::model::money::Money;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::spend::days_of_month;
use crate::calendar;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Workspaces that one look lists.
const LISTED: i64 = 1_000;

/// What a workspace may spend on the operator's keys a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedKeyAccount {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: String,
    /// The addresses of its owners.
    pub owners: Vec<String>,
    /// A month.
    pub ceiling: Money,
    /// Spent in the present month.
    pub spent: Money,
    /// Set aside beyond that.
    pub reserved: Money,
    /// A member is an admin of the instance who may come in: it has the operator's keys without a
    /// ceiling.
    pub is_unbounded: bool,
}

/// What is added to the days of a workspace.
pub(super) async fn add_to_days(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    days: &BTreeMap<NaiveDate, Money>,
) -> StoreResult<()> {
    let sql = "INSERT INTO llm_shared_spend_days (workspace_id, day, amount_nano_usd) \
        VALUES ($1, $2, $3) ON CONFLICT (workspace_id, day) DO UPDATE SET \
        amount_nano_usd = llm_shared_spend_days.amount_nano_usd + excluded.amount_nano_usd";
    for (day, amount) in days {
        let values = [workspace_id.0.into(), (*day).into(), amount.nanos().into()];
        rows::execute(tx, sql, values).await?;
    }
    Ok(())
}

/// What a workspace has spent on the operator's keys in a month, and what lanes, judge passes and
/// other calls with such a key have set aside beyond that. One statement: neither is older than
/// the other.
pub(super) async fn spent_and_reserved_on_shared_keys(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    month: NaiveDate,
) -> StoreResult<(Money, Money)> {
    let sql = "SELECT (SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) \
            FROM llm_shared_spend_days WHERE workspace_id = $1 AND day >= $2 AND day < $3), \
         (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) FROM llm_monitoring_lanes \
            WHERE workspace_id = $1 AND status <> 'done' AND on_shared_key) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_monitoring_judge_passes \
            WHERE workspace_id = $1 AND status IN ('queued', 'running') AND on_shared_key) \
         + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
            FROM llm_spend_reservations WHERE workspace_id = $1 AND on_shared_key)";
    let (first, end) = days_of_month(month);
    let values = [workspace_id.0.into(), first.into(), end.into()];
    rows::one_pair(connection, sql, values)
        .await?
        .ok_or(StoreError::NotFound)
}

record! {
    /// What a workspace may spend on the operator's keys, and who it is.
    struct WorkspaceCeiling {
        workspace: WorkspaceId = "w.id",
        name: String = "w.name",
        ceiling: Money = "w.shared_key_ceiling_nano_usd",
        time_zone: String = "w.time_zone",
        is_unbounded: bool = "EXISTS (SELECT 1 FROM workspace_members m \
            JOIN users u ON u.id = m.user_id \
            WHERE m.workspace_id = w.id AND u.is_admin AND u.disabled_at IS NULL)",
    }
}

impl Store {
    /// What a workspace without an admin may spend on the operator's keys a month.
    pub async fn shared_key_ceiling(&self, workspace_id: WorkspaceId) -> StoreResult<Money> {
        let sql = "SELECT shared_key_ceiling_nano_usd FROM workspaces WHERE id = $1";
        rows::value(self.reader(), sql, [workspace_id.0.into()])
            .await?
            .ok_or(StoreError::NotFound)
    }

    /// Sets the ceiling of every workspace that a user owns. How many there were.
    pub async fn save_shared_key_ceiling(&self, email: &str, ceiling: Money) -> StoreResult<u64> {
        let tx = self.begin_write().await?;
        let sql = "UPDATE workspaces SET shared_key_ceiling_nano_usd = $2 WHERE id IN \
            (SELECT m.workspace_id FROM workspace_members m JOIN users u ON u.id = m.user_id \
             WHERE u.email = $1 AND m.role = 'owner')";
        let changed = rows::execute(&tx, sql, [email.into(), ceiling.nanos().into()]).await?;
        tx.commit().await?;
        Ok(changed.rows_affected())
    }

    /// What every workspace may spend on the operator's keys, and what it has: those with a
    /// ceiling first. For admins of the instance.
    pub async fn shared_key_accounts(&self) -> StoreResult<Vec<SharedKeyAccount>> {
        let rest = "FROM workspaces w \
            ORDER BY w.shared_key_ceiling_nano_usd DESC, w.id LIMIT $1";
        let mut owners = self.owners().await?;
        let now = self.clock().now();
        let mut accounts = Vec::new();
        let found: Vec<WorkspaceCeiling> =
            rows::select(self.reader(), rest, [LISTED.into()]).await?;
        for of in found {
            let workspace = of.workspace;
            let month = calendar::month(calendar::time_zone(&of.time_zone), now);
            let (spent, reserved) =
                spent_and_reserved_on_shared_keys(self.reader(), workspace, month).await?;
            accounts.push(SharedKeyAccount {
                workspace,
                name: of.name,
                owners: owners.remove(&workspace.0).unwrap_or_default(),
                ceiling: of.ceiling,
                spent,
                reserved,
                is_unbounded: of.is_unbounded,
            });
        }
        Ok(accounts)
    }

    async fn owners(&self) -> StoreResult<BTreeMap<i64, Vec<String>>> {
        let sql = "SELECT m.workspace_id, u.email FROM workspace_members m \
            JOIN users u ON u.id = m.user_id WHERE m.role = 'owner' ORDER BY u.email";
        let mut owners: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (workspace, email) in rows::pairs(self.reader(), sql, []).await? {
            owners.entry(workspace).or_default().push(email);
        }
        Ok(owners)
    }
}
