//! The whole database in one file, and back: the same file from SQLite and PostgreSQL.
//!
//! A backup is a compressed file of lines. The first says what it is, then each table has a
//! line with its columns and one for each row, parents before those that point to them, and
//! the last line counts them.
//!
//! Invariant: it reads and writes every workspace's rows, so it is for the operator's commands
//! and never for a request.

mod catalog;
mod cells;
mod load;
mod save;

use std::io;

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;
use crate::store::backup::cells::Kind;

/// Changes when older programs can no longer read what is written.
const FORMAT: u32 = 1;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error("the backup's file: {0}")]
    Io(#[from] io::Error),
    /// There is nothing to save.
    #[error("the database has no tables yet")]
    NoTables,
    /// Somebody else's table stands among ours.
    #[error("table {0} has a column of a type that Parallax does not write")]
    UnknownType(String),
    /// Something else, or damaged from its first byte on.
    #[error("this is not a backup of Parallax")]
    NotABackup,
    /// The writing was interrupted, or the file was cut on its way.
    #[error("the file is not complete: make the backup again, or copy it again")]
    Cut,
    /// A line that no backup has.
    #[error("line {line} of the backup cannot be read: {reason}")]
    Line {
        /// From 1, of the file's text.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The tables of a newer program.
    #[error("the backup was made by a newer Parallax ({0}): update this one first")]
    Newer(String),
    /// Rows would be mixed.
    #[error("the database has accounts already: restore into an empty one")]
    NotEmpty,
    /// Tables cannot be made older.
    #[error("the backup is of an older Parallax: restore it into a database without any tables")]
    NewerTables,
}

impl From<DbErr> for BackupError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// The first line: what the file is.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Head {
    /// The format's number.
    parallax_backup: u32,
    made_at: DateTime<Utc>,
    /// Version of the program that wrote it.
    parallax: String,
    /// Migrations that its tables have seen, the oldest first.
    migrations: Vec<String>,
}

/// Any other line that is no row.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
enum Mark {
    Table(TableHead),
    End { end: Counts },
}

/// What stands before a table's rows.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct TableHead {
    table: String,
    columns: Vec<(String, Kind)>,
    /// The highest id that was ever given; the next one is higher, also where rows were deleted.
    last_id: Option<i64>,
}

/// How much a backup holds.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Counts {
    /// Tables.
    pub tables: u64,
    /// Rows of all tables.
    pub rows: u64,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: DateTime<Utc>,
    /// How much it holds.
    pub counts: Counts,
}
