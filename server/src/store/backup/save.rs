//! Writes a backup.

use std::io::{BufWriter, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, StreamTrait,
    TransactionOptions, TransactionTrait,
};
use serde::Serialize;
use serde_json::Value as Json;

use super::catalog::{Table, tables};
use super::{BackupError, Counts, FORMAT, Head, Mark, TableHead};
use crate::store::Store;
use crate::store::sql::rows;

/// The compressor gets pieces of this size.
const BUFFER: usize = 256 * 1024;

impl Store {
    /// Writes all rows as they are at one moment, while others go on reading and writing. Takes
    /// the memory of a few rows, and the thread that it is called on for the writing.
    pub async fn back_up(&self, out: impl Write) -> Result<Counts, BackupError> {
        let connection = self.reader();
        let is_postgres = connection.get_database_backend() == DbBackend::Postgres;
        // SQLite shows each transaction the rows of its first look anyway.
        let options = TransactionOptions {
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: is_postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let tx = connection.begin_with_options(options).await?;
        let mut file = BufWriter::with_capacity(BUFFER, GzEncoder::new(out, Compression::fast()));
        let counts = write(&tx, &mut file, self.clock().now()).await?;
        tx.rollback().await?;
        let compressor = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        compressor.finish()?.flush()?;
        Ok(counts)
    }
}

async fn write(
    tx: &DatabaseTransaction,
    file: &mut impl Write,
    made_at: chrono::DateTime<chrono::Utc>,
) -> Result<Counts, BackupError> {
    let tables = tables(tx).await?;
    if tables.is_empty() {
        return Err(BackupError::NoTables);
    }
    let applied = Migrator::get_applied_migrations_read_only(tx).await?;
    let head = Head {
        parallax_backup: FORMAT,
        made_at,
        parallax: env!("CARGO_PKG_VERSION").to_owned(),
        migrations: applied.iter().map(|done| done.name().to_owned()).collect(),
    };
    line(file, &head)?;
    let mut counts = Counts::default();
    for table in tables {
        counts.tables += 1;
        counts.rows += write_table(tx, file, table).await?;
    }
    line(file, &Mark::End { end: counts })?;
    Ok(counts)
}

async fn write_table(
    tx: &DatabaseTransaction,
    file: &mut impl Write,
    table: Table,
) -> Result<u64, BackupError> {
    let last_id = last_id(tx, &table).await?;
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    // In the order in which they came, where there is one.
    let order = if table.has_id() { " ORDER BY id" } else { "" };
    let sql = format!(
        "SELECT {} FROM \"{}\"{order}",
        columns.join(", "),
        table.name
    );
    let kinds: Vec<_> = table.columns.iter().map(|(_, kind)| *kind).collect();
    let head = TableHead {
        table: table.name,
        columns: table.columns,
        last_id,
    };
    line(file, &Mark::Table(head))?;
    let mut found = tx.stream_raw(rows::statement(tx, sql, [])).await?;
    let mut count = 0;
    let mut cells: Vec<Json> = Vec::with_capacity(kinds.len());
    while let Some(row) = found.try_next().await? {
        cells.clear();
        for (index, kind) in kinds.iter().enumerate() {
            cells.push(kind.read(&row, index)?);
        }
        line(file, &cells)?;
        count += 1;
    }
    Ok(count)
}

/// The highest id that a table ever gave. It is not lower than any id that the transaction
/// sees, as it is asked for after the transaction's first look.
async fn last_id(
    connection: &impl ConnectionTrait,
    table: &Table,
) -> Result<Option<i64>, BackupError> {
    if !table.has_id() {
        return Ok(None);
    }
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass)"
        }
        _ => "SELECT seq FROM sqlite_sequence WHERE name = $1",
    };
    let row = rows::one(connection, sql, [table.name.as_str().into()]).await?;
    let last: Option<Option<i64>> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(last.flatten())
}

fn line(file: &mut impl Write, content: &impl Serialize) -> Result<(), BackupError> {
    serde_json::to_writer(&mut *file, content).map_err(std::io::Error::from)?;
    Ok(file.write_all(b"\n")?)
}
