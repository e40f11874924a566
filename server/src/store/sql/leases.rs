//! Rows of work that one worker at a time holds, and for how long: lanes, judge passes, revisions.
//!
//! A claim ([`take`]) gives a row to a worker for a lease. Its epoch is one higher than before.
//! Renewing begins the lease anew; so does each write for the row ([`hold`]). Letting go
//! ([`release_row`]) removes the worker and ends the lease, so that the row can be claimed at once.
//! Of a worker that is known to be dead, [`end_leases_of_worker`] ends the lease too. It leaves the
//! worker's name.
//!
//! Invariant: every write for such a row checks worker and epoch in the same transaction, so a
//! worker that lost its row writes nothing, and learns of it by an error.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use engine::{LEASE, LaneHold};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use super::record::{Cells, Record};
use super::rows;
use crate::store::{Store, StoreError, StoreResult};

/// How long a claim lasts.
pub(in crate::store) fn lease() -> TimeDelta {
    TimeDelta::from_std(LEASE).unwrap_or(TimeDelta::MAX)
}

/// A table of such rows; all its texts are SQL of our own.
#[derive(Debug)]
pub(in crate::store) struct WorkTable {
    pub(in crate::store) name: &'static str,
    /// The rows that there is something to do about.
    pub(in crate::store) open: &'static str,
    /// Which of them comes first.
    pub(in crate::store) order: &'static str,
    /// What else a claim changes; empty or with a comma before it. `$1` is the moment.
    pub(in crate::store) taken: &'static str,
}

/// The lanes. Which of them a worker may take says `runs`, which reads more than this.
pub(in crate::store) const LANES: WorkTable = WorkTable {
    name: "llm_monitoring_lanes",
    open: "status IN ('queued', 'running')",
    order: "id",
    taken: ", status = 'running', started_at = COALESCE(started_at, $1), reserved_nano_usd = 0",
};

/// A row as held by one worker.
#[derive(Clone, Debug)]
pub(in crate::store) struct Held {
    table: &'static WorkTable,
    pub(in crate::store) id: i64,
    pub(in crate::store) worker: Arc<str>,
    pub(in crate::store) epoch: i64,
}

impl From<&LaneHold> for Held {
    fn from(hold: &LaneHold) -> Self {
        Self {
            table: &LANES,
            id: hold.lane.0,
            worker: Arc::clone(&hold.worker),
            epoch: hold.epoch,
        }
    }
}

impl Held {
    /// What [`is_held`] compares with.
    pub(in crate::store) fn key(&self) -> [Value; 3] {
        [
            self.id.into(),
            self.worker.to_string().into(),
            self.epoch.into(),
        ]
    }
}

/// That the row which a query calls `row` is held by this very claim: `$1` to `$3` are its
/// [`Held::key`].
pub(in crate::store) fn is_held(row: &str) -> String {
    format!("{row}.id = $1 AND {row}.worker = $2 AND {row}.epoch = $3")
}

/// That a row is held by nobody, and that there is something to do about it; `$1` is the moment.
pub(in crate::store) fn is_free(table: &WorkTable) -> String {
    format!(
        "({}) AND (lease_until IS NULL OR lease_until <= $1)",
        table.open
    )
}

/// A row that nobody holds and that there is something to do about. Not one of `held`, which who
/// looks works on already: a lease that ran out while the database did not answer is renewed, and
/// what came back is written, once it does. Most looks find nothing, so this one holds up nobody
/// who writes.
pub(in crate::store) async fn find(
    connection: &impl ConnectionTrait,
    table: &WorkTable,
    held: &[i64],
    now: DateTime<Utc>,
) -> StoreResult<Option<i64>> {
    let sql = format!(
        "SELECT id FROM {} WHERE {} AND id NOT IN ({}) ORDER BY {} LIMIT 1",
        table.name,
        is_free(table),
        // Of an empty list SQLite says neither yes nor no.
        rows::id_list(std::iter::once(0).chain(held.iter().copied())),
        table.order
    );
    rows::value(connection, sql, [now.into()]).await
}

/// Takes the row for a lease, unless another worker was quicker; with what `R` reads of it.
pub(in crate::store) async fn take<R: Record>(
    tx: &DatabaseTransaction,
    table: &'static WorkTable,
    id: i64,
    worker: &str,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Held, R)>> {
    let sql = format!(
        "UPDATE {} SET worker = $2, lease_until = $3, epoch = epoch + 1{} \
         WHERE {} AND id = $4 RETURNING epoch, {}",
        table.name,
        table.taken,
        is_free(table),
        R::columns()
    );
    let values = [now.into(), worker.into(), (now + lease()).into(), id.into()];
    let Some(row) = rows::one(tx, sql, values).await? else {
        return Ok(None);
    };
    let mut cells = Cells::of(&row);
    let held = Held {
        table,
        id,
        worker: worker.into(),
        epoch: cells.cell()?,
    };
    Ok(Some((held, cells.record()?)))
}

/// Checks that the worker still holds the row and that work is left. Renews the lease, and applies
/// `change`, which is empty or begins with a comma; its values begin at `$5`.
///
/// Errors: [`StoreError::LaneLost`]; nothing was changed then.
pub(in crate::store) async fn hold(
    tx: &DatabaseTransaction,
    held: &Held,
    change: &str,
    values: impl IntoIterator<Item = Value>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let change = format!("lease_until = $4{change}");
    change_held(tx, held, &change, now + lease(), values).await
}

/// As [`hold`], but the lease ends now, and nobody holds the row any more.
///
/// Errors: [`StoreError::LaneLost`]; nothing was changed then.
pub(in crate::store) async fn release_row(
    tx: &DatabaseTransaction,
    held: &Held,
    change: &str,
    values: impl IntoIterator<Item = Value>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let change = format!("worker = NULL, lease_until = $4{change}");
    change_held(tx, held, &change, now, values).await
}

async fn change_held(
    tx: &DatabaseTransaction,
    held: &Held,
    change: &str,
    lease_until: DateTime<Utc>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<()> {
    let sql = format!(
        "UPDATE {} SET {change} WHERE id = $1 AND worker = $2 AND epoch = $3 AND ({})",
        held.table.name, held.table.open
    );
    let key = held.key().into_iter().chain([lease_until.into()]);
    let changed = rows::execute(tx, sql, key.chain(values)).await?;
    if changed.rows_affected() == 0 {
        return Err(StoreError::LaneLost);
    }
    Ok(())
}

/// Ends the leases of a worker that is known to be dead. How many there were.
pub(in crate::store) async fn end_leases_of_worker(
    tx: &DatabaseTransaction,
    table: &WorkTable,
    worker: &str,
    now: DateTime<Utc>,
) -> StoreResult<u64> {
    let sql = format!(
        "UPDATE {} SET lease_until = $2 WHERE worker = $1 AND ({}) AND lease_until > $2",
        table.name, table.open
    );
    let freed = rows::execute(tx, sql, [worker.into(), now.into()]).await?;
    Ok(freed.rows_affected())
}

impl Store {
    /// [`hold`] in a transaction of its own that changes nothing else.
    pub(in crate::store) async fn renew_lease(&self, held: &Held) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        hold(&tx, held, "", [], now).await?;
        Ok(tx.commit().await?)
    }

    /// [`release_row`] in a transaction of its own that changes nothing else.
    pub(in crate::store) async fn release_lease(&self, held: &Held) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        release_row(&tx, held, "", [], now).await?;
        Ok(tx.commit().await?)
    }
}
