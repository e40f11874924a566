//! The database: connections, write transactions, and a room for each noun that rows are of.
//!
//! Invariant: knows nothing of HTTP, and no call reads or writes a tenant's rows without
//! being told the workspace.
//!
//! Invariant: rooms import one way, each only from those behind it:
//! `jobs`, `runs`, `judging`, `accounts`, `money`, `answers`, `sums`, `projects`, `registry`,
//! `sql`; `backup` knows `sql` alone. `entity` is what a row looks like, and imports nothing.
//! A test holds this (`tests/rooms.rs`).

pub mod accounts;
pub mod answers;
pub mod backup;
#[cfg(test)]
#[path = "../../tests/support/copies.rs"]
mod copies;
pub mod entity;
pub mod jobs;
pub mod judging;
pub mod money;
pub mod projects;
pub mod registry;
pub mod runs;
#[cfg(test)]
#[path = "../../tests/support/scratch.rs"]
mod scratch;
pub mod sql;
pub mod sums;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use runtime::clock::SharedClock;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::Notify;

pub use sql::error::StoreError;
use sql::retention::Retention;

/// Result of a store call.
pub type StoreResult<T> = Result<T, StoreError>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: DatabaseConnection,
    /// On SQLite one connection: writers queue here rather than in `SQLITE_BUSY`.
    writer: DatabaseConnection,
    clock: SharedClock,
    retention: Retention,
    /// Notified where something was deleted or written over whose old form shall not stay on the
    /// disk.
    old_pages: Arc<Notify>,
}

impl Store {
    /// For queries.
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The clock by which rows are stamped.
    pub fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// Begins a write transaction. Never hold one across a call to a provider.
    ///
    /// On SQLite it takes the write lock at once: a transaction that reads first and writes
    /// later would fail with "database is locked" and no waiting.
    pub async fn begin_write(&self) -> StoreResult<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }
}
