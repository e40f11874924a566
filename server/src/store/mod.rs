//! The database: connections, write transactions, and one file an aggregate.
//!
//! Invariant: knows nothing of HTTP, and no call reads or writes a tenant's rows without
//! being told the workspace.

pub mod accounts;
pub(crate) mod aliases;
mod allowances;
mod answer_columns;
mod answer_list;
pub mod answers;
pub mod backup;
pub mod budget;
pub mod calls;
mod changelog;
mod citation_rows;
pub mod citations;
pub mod comparison;
pub mod connect;
pub mod credentials;
pub mod dashboard;
mod day_moments;
mod decode;
mod delete_project;
pub mod deleted;
mod discovery;
mod encode;
pub mod entity;
pub mod erasure;
mod error;
pub mod export_ledger;
pub mod export_numbers;
pub mod exports;
mod failed_asks;
mod finding_rows;
mod intervals;
pub mod invitations;
pub mod job_book;
pub mod job_health;
mod judge_passes;
pub mod judge_setting;
pub mod judging;
pub mod keeping;
mod lane_store;
pub mod lanes;
mod leases;
mod ledger;
pub mod letters;
mod lost_asks;
pub mod model_check;
mod model_news;
pub mod model_review;
mod model_swaps;
mod news;
mod notice_names;
pub mod notices;
mod offered;
mod old_answers;
mod old_pages;
mod outcome_rows;
pub mod outcomes;
mod pace;
mod page_bytes;
pub mod passwords;
pub mod place;
pub mod plans;
pub mod pooled;
pub(crate) mod postgres;
mod price_import;
mod prices;
pub mod project_error;
pub mod project_list;
mod project_rows;
pub mod projects;
pub mod prompt_days;
pub mod prompt_map;
pub mod prompts;
pub mod quotas;
pub mod recompute;
pub mod registry;
pub mod registry_error;
mod registry_list;
mod registry_seed;
pub mod replies;
pub mod rereading;
mod reservations;
pub mod revisions;
mod rollups;
mod rows;
pub mod runs;
pub mod schedules;
#[cfg(test)]
#[path = "../../tests/support/scratch.rs"]
mod scratch;
mod search_queries;
mod series;
mod served;
pub mod sessions;
pub mod settings;
pub mod shared_keys;
pub mod sign_in_attempts;
pub mod sign_up_error;
mod slots;
pub mod snapshot_list;
mod source_counts;
pub mod sources;
mod spend;
pub mod spend_report;
mod sums;
mod tag_history;
mod tenant;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod to_ask;
mod unreachable;
mod unread;
pub mod user_access;
mod weeks;

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::Notify;

use crate::clock::SharedClock;

pub use error::StoreError;

/// Result of a store call.
pub type StoreResult<T> = Result<T, StoreError>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: DatabaseConnection,
    /// On SQLite one connection: writers queue here rather than in `SQLITE_BUSY`.
    writer: DatabaseConnection,
    clock: SharedClock,
    keeping: keeping::Keeping,
    /// Rung where something was deleted or written over whose old form shall not stay on the disk.
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
