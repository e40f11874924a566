//! How long a claim lasts, and rows of work that one worker at a time holds: revisions and judge
//! passes.
//!
//! Invariant: every write for such a row checks worker and epoch in the same transaction
//! ([`hold`]), so a worker that lost its row writes nothing.

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

/// Lane, worker and epoch of a claim, as `$1` to `$3`.
pub(in crate::store) fn hold_values(hold: &LaneHold) -> [sea_orm::Value; 3] {
    [
        hold.lane.0.into(),
        hold.worker.to_string().into(),
        hold.epoch.into(),
    ]
}

/// A table of such rows; all its texts are SQL of our own.
#[derive(Debug)]
pub(in crate::store) struct WorkTable {
    pub(in crate::store) name: &'static str,
    /// The rows that there is something to do about.
    pub(in crate::store) open: &'static str,
    /// Which of them comes first.
    pub(in crate::store) order: &'static str,
    /// What else a claim changes; empty or with a comma before it.
    pub(in crate::store) taken: &'static str,
}

/// A row as held by one worker.
#[derive(Clone, Debug)]
pub(in crate::store) struct Held {
    table: &'static WorkTable,
    pub(in crate::store) id: i64,
    worker: String,
    epoch: i64,
}

impl Held {
    fn key(&self) -> [Value; 3] {
        [
            self.id.into(),
            self.worker.clone().into(),
            self.epoch.into(),
        ]
    }
}

/// A row that nobody holds and that there is something to do about. Most looks find nothing,
/// so this one holds up nobody who writes.
pub(in crate::store) async fn find(
    connection: &impl ConnectionTrait,
    table: &WorkTable,
    now: DateTime<Utc>,
) -> StoreResult<Option<i64>> {
    let sql = format!(
        "SELECT id FROM {} WHERE {} ORDER BY {} LIMIT 1",
        table.name,
        free(table),
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
        free(table),
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
        worker: worker.to_owned(),
        epoch: cells.cell()?,
    };
    Ok(Some((held, cells.record()?)))
}

fn free(table: &WorkTable) -> String {
    format!(
        "({}) AND (lease_until IS NULL OR lease_until <= $1)",
        table.open
    )
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
    let sql = format!(
        "UPDATE {} SET lease_until = $4{change} \
         WHERE id = $1 AND worker = $2 AND epoch = $3 AND ({})",
        held.table.name, held.table.open
    );
    let key = held.key().into_iter().chain([(now + lease()).into()]);
    let changed = rows::execute(tx, sql, key.chain(values)).await?;
    if changed.rows_affected() == 0 {
        return Err(StoreError::LaneLost);
    }
    Ok(())
}

/// Releases the row.
pub(in crate::store) async fn let_go(
    connection: &impl ConnectionTrait,
    held: &Held,
) -> StoreResult<()> {
    let sql = format!(
        "UPDATE {} SET worker = NULL, lease_until = NULL \
         WHERE id = $1 AND worker = $2 AND epoch = $3",
        held.table.name
    );
    rows::execute(connection, sql, held.key()).await?;
    Ok(())
}

impl Store {
    /// [`let_go`] in a transaction of its own.
    pub(in crate::store) async fn release(&self, held: &Held) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let_go(&tx, held).await?;
        Ok(tx.commit().await?)
    }
}
