//! Reads a backup into a database.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use serde_json::Value as Json;

use super::catalog::{Table, known_migrations, tables};
use super::cells::Kind;
use super::{BackupError, Counts, FORMAT, Head, Mark, Restored, TableHead};
use crate::store::Store;
use crate::store::sql::rows;

/// Longer than any row: the longest answer that is kept has a few MB.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;
/// Rows a statement, at most; fewer of wide tables.
const ROWS_AT_ONCE: usize = 500;
/// Text of the file a statement, about: rows may have raw answers of a MB each.
const BYTES_AT_ONCE: usize = 8 * 1024 * 1024;

impl Store {
    /// Puts the rows of a backup into this database, which must not have accounts, and brings
    /// the tables up to date. The rows come in one transaction: where it fails, or the process
    /// dies, there are none. Makes the tables of the backup's time first where there are none.
    pub async fn restore(&self, file: impl Read) -> Result<Restored, BackupError> {
        let mut lines = Lines::new(file);
        let head = lines.head()?;
        if !known_migrations().starts_with(&head.migrations) {
            return Err(BackupError::Newer(head.parallax));
        }
        self.make_tables(head.migrations.len()).await?;

        let tx = self.begin_write().await?;
        // Meanwhile somebody may have made an account.
        if has_accounts(&tx).await? {
            return Err(BackupError::NotEmpty);
        }
        let tables = tables(&tx).await?;
        for table in tables.iter().rev() {
            rows::execute(&tx, format!("DELETE FROM \"{}\"", table.name), []).await?;
        }
        let counts = fill(&tx, &mut lines, tables).await?;
        tx.commit().await?;

        self.migrate().await?;
        self.vacuum().await?;
        Ok(Restored {
            made_at: head.made_at,
            counts,
        })
    }

    /// Makes the tables as they were after so many migrations, in a database without accounts.
    async fn make_tables(&self, migrations: usize) -> Result<(), BackupError> {
        let applied = Migrator::get_applied_migrations(self.reader()).await?.len();
        if applied > 0 && has_accounts(self.reader()).await? {
            return Err(BackupError::NotEmpty);
        }
        let steps = migrations
            .checked_sub(applied)
            .ok_or(BackupError::NewerTables)?;
        Ok(self.migrate_steps(u32::try_from(steps).ok()).await?)
    }
}

async fn has_accounts(connection: &impl ConnectionTrait) -> Result<bool, BackupError> {
    let sql = "SELECT 1 FROM users UNION ALL SELECT 1 FROM workspaces LIMIT 1";
    Ok(rows::one(connection, sql, []).await?.is_some())
}

/// Fills the tables, each from its rows in the file.
async fn fill(
    tx: &DatabaseTransaction,
    lines: &mut Lines<impl BufRead>,
    tables: Vec<Table>,
) -> Result<Counts, BackupError> {
    let mut waiting: BTreeMap<String, Table> = tables
        .into_iter()
        .map(|table| (table.name.clone(), table))
        .collect();
    let mut filling: Option<Filling> = None;
    let mut counts = Counts::default();
    loop {
        match lines.next_line()? {
            Line::Row(cells) => {
                let table = filling
                    .as_mut()
                    .ok_or_else(|| lines.wrong("a row before its table"))?;
                let values = table.values(cells).map_err(|reason| lines.wrong(reason))?;
                table.values.extend(values);
                table.bytes += lines.text.len();
                counts.rows += 1;
                if table.is_full() {
                    table.write(tx).await?;
                }
            }
            Line::Mark(mark) => {
                if let Some(mut table) = filling.take() {
                    table.write(tx).await?;
                }
                match mark {
                    Mark::Table(head) => {
                        let table = waiting.remove(&head.table);
                        let table = table.ok_or_else(|| {
                            lines.wrong(format!("table {} is not expected here", head.table))
                        })?;
                        let begun = Filling::begin(tx, &table, head).await?;
                        filling = Some(
                            begun.ok_or_else(|| lines.wrong("other columns than the table's"))?,
                        );
                        counts.tables += 1;
                    }
                    Mark::End { end } if end == counts && waiting.is_empty() => {
                        lines.end()?;
                        return Ok(counts);
                    }
                    Mark::End { .. } => return Err(BackupError::Cut),
                }
            }
        }
    }
}

/// A table that gets its rows.
struct Filling {
    /// What stands before the values.
    insert: String,
    kinds: Vec<Kind>,
    /// Of whole rows that are not written yet.
    values: Vec<Value>,
    /// What these take in the file.
    bytes: usize,
}

impl Filling {
    /// `None`: the file has other columns than the table. Only names that the database itself
    /// gave become part of a statement.
    async fn begin(
        tx: &DatabaseTransaction,
        table: &Table,
        head: TableHead,
    ) -> Result<Option<Self>, BackupError> {
        let sorted = |columns: &[(String, Kind)]| {
            let mut columns = columns.to_vec();
            columns.sort_by(|one, other| one.0.cmp(&other.0));
            columns
        };
        if sorted(&head.columns) != sorted(&table.columns) {
            return Ok(None);
        }
        if let Some(last_id) = head.last_id.filter(|last| *last > 0 && table.has_id()) {
            go_on_after(tx, &table.name, last_id).await?;
        }
        let names: Vec<String> = head
            .columns
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let insert = format!(
            "INSERT INTO \"{}\" ({}) VALUES ",
            table.name,
            names.join(", ")
        );
        Ok(Some(Self {
            insert,
            kinds: head.columns.iter().map(|(_, kind)| *kind).collect(),
            values: Vec::new(),
            bytes: 0,
        }))
    }

    /// Whether the rows are enough for a statement, or one more would be too many for it.
    fn is_full(&self) -> bool {
        let columns = self.kinds.len();
        let most = rows::MAX_VALUES.min(ROWS_AT_ONCE * columns);
        self.values.len() + columns > most || self.bytes >= BYTES_AT_ONCE
    }

    /// The values of a row, or what is wrong with it.
    fn values(&self, cells: Vec<Json>) -> Result<Vec<Value>, String> {
        if cells.len() != self.kinds.len() {
            let (found, expected) = (cells.len(), self.kinds.len());
            return Err(format!("{found} cells instead of {expected}"));
        }
        let cells = cells.into_iter().zip(&self.kinds).enumerate();
        cells
            .map(|(index, (cell, kind))| {
                kind.value(cell)
                    .ok_or_else(|| format!("cell {} is of another kind", index + 1))
            })
            .collect()
    }

    async fn write(&mut self, tx: &DatabaseTransaction) -> Result<(), BackupError> {
        self.bytes = 0;
        let values = std::mem::take(&mut self.values);
        if values.is_empty() {
            return Ok(());
        }
        let rows = values.len() / self.kinds.len();
        let sql = self.insert.clone() + &rows::placeholders(tx, rows, self.kinds.len());
        rows::execute(tx, sql, values).await?;
        Ok(())
    }
}

/// Lets a table number its next row higher than `last_id`.
async fn go_on_after(
    tx: &DatabaseTransaction,
    table: &str,
    last_id: i64,
) -> Result<(), BackupError> {
    let values = || [Value::from(table), Value::from(last_id)];
    if tx.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT setval(pg_get_serial_sequence($1, 'id')::regclass, $2)";
        rows::all(tx, sql, values()).await?;
        return Ok(());
    }
    let forget = "DELETE FROM sqlite_sequence WHERE name = $1";
    rows::execute(tx, forget, [Value::from(table)]).await?;
    let remember = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
    rows::execute(tx, remember, values()).await?;
    Ok(())
}

/// A line behind the first.
enum Line {
    Row(Vec<Json>),
    Mark(Mark),
}

/// The lines of a file.
struct Lines<R> {
    reader: R,
    text: String,
    number: u64,
}

impl<R: Read> Lines<BufReader<MultiGzDecoder<R>>> {
    fn new(file: R) -> Self {
        Self {
            reader: BufReader::new(MultiGzDecoder::new(file)),
            text: String::new(),
            number: 0,
        }
    }
}

impl<R: BufRead> Lines<R> {
    /// The first line.
    fn head(&mut self) -> Result<Head, BackupError> {
        match self.read() {
            // The decompressor's words for what it did not make.
            Err(BackupError::Io(error))
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
                ) =>
            {
                return Err(BackupError::NotABackup);
            }
            read => read?,
        }
        let head: Json = serde_json::from_str(&self.text).map_err(|_| BackupError::NotABackup)?;
        match head["parallax_backup"].as_u64() {
            None => return Err(BackupError::NotABackup),
            Some(format) if format > u64::from(FORMAT) => {
                let version = head["parallax"].as_str().unwrap_or("unknown");
                return Err(BackupError::Newer(version.to_owned()));
            }
            Some(_) => {}
        }
        serde_json::from_value(head).map_err(|_| BackupError::NotABackup)
    }

    fn next_line(&mut self) -> Result<Line, BackupError> {
        self.read()?;
        let read = if self.text.starts_with('[') {
            serde_json::from_str(&self.text).map(Line::Row)
        } else {
            serde_json::from_str(&self.text).map(Line::Mark)
        };
        read.map_err(|error| self.wrong(error.to_string()))
    }

    /// Reads to the file's end, where its checksum stands; there are no more lines.
    fn end(&mut self) -> Result<(), BackupError> {
        match self.reader.fill_buf() {
            Ok([]) => Ok(()),
            Ok(_) => Err(self.wrong("nothing is expected behind the end")),
            Err(error) => Err(read_error(error)),
        }
    }

    fn read(&mut self) -> Result<(), BackupError> {
        self.text.clear();
        self.number += 1;
        let read = self
            .reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_line(&mut self.text);
        match read {
            Err(error) => Err(read_error(error)),
            Ok(_) if self.text.ends_with('\n') => Ok(()),
            Ok(_) if self.text.len() as u64 == LONGEST_LINE => Err(self.wrong("it is too long")),
            Ok(_) => Err(BackupError::Cut),
        }
    }

    fn wrong(&self, reason: impl Into<String>) -> BackupError {
        BackupError::Line {
            line: self.number,
            reason: reason.into(),
        }
    }
}

fn read_error(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Cut,
        _ => error.into(),
    }
}
