//! Opens the database and brings it up to date.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use migrations::{Migrator, MigratorTrait};
use runtime::clock::SharedClock;
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx,
};

use super::place::{DatabasePlace, Kind};
use super::postgres::{self, WAIT_FOR_CONNECTION};
use super::retention::Retention;
use super::rows;
use super::unreachable::Unreachable;
use crate::store::{Store, StoreResult};

const SQLITE_READERS: u32 = 4;
/// Statements that stay prepared. Those that write are the same ones over and over; those that
/// read often have ids in their text, are hardly ever the same, and hold memory while they stay.
/// Rows are written in nine sizes a table.
const WRITER_STATEMENTS: usize = 150;
const READER_STATEMENTS: usize = 16;
/// Pages that SQLite's log has before they are written to their places: 16 MB, as many as one part of
/// the log's index holds. After a thousand of them, its own number, the pages that every answer
/// changes were written over and over; that took a seventh of the time of an answer.
const LOG_PAGES: &str = "4000";
/// Rows that SQLite's thread reads before it waits for somebody to take them.
const ROWS_AT_ONCE: usize = 1_000;
const WAIT_FOR_LOCK: Duration = Duration::from_secs(10);
/// Any number will do, as long as all hosts use the same.
const MIGRATION_LOCK: i64 = 7_152_639_811;

impl Store {
    /// Opens a database without touching its tables.
    ///
    /// Errors: it cannot be reached, or what stands before it does not carry prepared statements.
    pub async fn connect(place: &DatabasePlace, clock: SharedClock) -> StoreResult<Self> {
        // Not by SeaORM's own way from an address: that tells addresses in errors and traces.
        let (readers, writer) = match place.kind() {
            Kind::Sqlite(options) => (
                open_sqlite(options, SQLITE_READERS, READER_STATEMENTS).await?,
                open_sqlite(options, 1, WRITER_STATEMENTS).await?,
            ),
            Kind::Postgres(options) => {
                let pool = postgres::open(options, place.connections()).await?;
                let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
                (pool.clone(), pool)
            }
        };
        Ok(Self {
            readers,
            writer,
            clock,
            retention: Retention::default(),
            old_pages: Arc::default(),
        })
    }

    /// Brings the tables up to date. Several hosts may call this at the same time.
    pub async fn migrate(&self) -> StoreResult<()> {
        self.migrate_steps(None).await
    }

    /// Makes the next changes to the tables, so many or all that are left.
    pub(in crate::store) async fn migrate_steps(&self, steps: Option<u32>) -> StoreResult<()> {
        if self.writer.get_database_backend() == DbBackend::Postgres {
            return migrate_one_at_a_time(&self.writer, steps).await;
        }
        Ok(Migrator::up(&self.writer, steps).await?)
    }

    /// How many changes to the tables are not made yet.
    pub async fn pending_migrations(&self) -> StoreResult<usize> {
        let pending = Migrator::get_pending_migrations(&self.writer).await?;
        Ok(pending.len())
    }

    /// What time it is where the database is; `None`: it has no clock but this machine's.
    pub async fn database_time(&self) -> StoreResult<Option<DateTime<Utc>>> {
        if self.postgres_pool().is_none() {
            return Ok(None);
        }
        rows::value(&self.readers, "SELECT clock_timestamp()", []).await
    }

    /// The connections, where they lead to PostgreSQL.
    pub fn postgres_pool(&self) -> Option<&sqlx::PgPool> {
        (self.writer.get_database_backend() == DbBackend::Postgres)
            .then(|| self.writer.get_postgres_connection_pool())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> StoreResult<()> {
        Ok(self.readers.ping().await?)
    }

    /// What PostgreSQL does by itself in a while, done now: after very many rows at once. SQLite
    /// goes by what its queries say, and has no statistics that could tell it otherwise.
    pub async fn vacuum(&self) -> StoreResult<()> {
        if self.writer.get_database_backend() == DbBackend::Postgres {
            self.writer.execute_unprepared("VACUUM (ANALYZE)").await?;
        }
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(self) -> StoreResult<()> {
        self.readers.close().await?;
        Ok(self.writer.close().await?)
    }
}

async fn open_sqlite(
    options: &SqliteConnectOptions,
    connections: u32,
    statements: usize,
) -> Result<DatabaseConnection, Unreachable> {
    let options = options
        .clone()
        .disable_statement_logging()
        .journal_mode(SqliteJournalMode::Wal)
        // Survives the death of the process; only a power cut may lose the last
        // moments, and then as a whole: what the system has not put on the disk of the log.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(WAIT_FOR_LOCK)
        .row_buffer_size(ROWS_AT_ONCE)
        .statement_cache_capacity(statements)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        // What is deleted or written over is gone from the file: sealed keys, too.
        .pragma("secure_delete", "ON");
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .connect_with(options)
        .await
        .map_err(Unreachable::sqlite)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// PostgreSQL: a transaction that holds an advisory lock for its length makes other hosts
/// wait until the tables are there.
async fn migrate_one_at_a_time(pool: &DatabaseConnection, steps: Option<u32>) -> StoreResult<()> {
    use sea_orm::TransactionTrait;

    let lock = pool.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        .await?;
    Migrator::up(pool, steps).await?;
    Ok(lock.commit().await?)
}
