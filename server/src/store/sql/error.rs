//! What can go wrong in the store.

use runtime::long_texts::ReadingFailed;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use super::unreachable::Unreachable;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row has this value already. Holds the database's words, which name the index.
    #[error("not unique: {0}")]
    NotUnique(String),
    /// The row is gone, or belongs to another workspace.
    #[error("not found")]
    NotFound,
    /// A lane is held by another worker now; nothing was written.
    #[error("the lane was lost to another worker")]
    LaneLost,
    /// Answers are read under other revisions now than these were; nothing was written.
    #[error("the answers were read under another revision")]
    RevisionsChanged,
    /// Costs and worst cases were computed on other terms than hold now; nothing was written.
    #[error("the costs were computed on other terms")]
    TermsChanged,
    /// What was to be written rests on something that has changed since; nothing was written.
    #[error("this has changed meanwhile")]
    Outdated,
    /// What stands in the database cannot be read.
    #[error("corrupt row: {0}")]
    Corrupt(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// Anything else that the database says.
    #[error(transparent)]
    Database(DbErr),
}

impl From<ReadingFailed> for StoreError {
    fn from(error: ReadingFailed) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl StoreError {
    /// Whether the database said that this index already holds the value. SQLite names the
    /// columns of an index, PostgreSQL the index; so give a piece of both.
    pub fn is_not_unique(&self, index: &str, column: &str) -> bool {
        matches!(self, Self::NotUnique(message) if message.contains(index) || message.contains(column))
    }

    /// Whether the connection broke, so that trying again later may help.
    pub const fn is_connection(&self) -> bool {
        matches!(
            self,
            Self::Database(
                DbErr::Conn(RuntimeErr::SqlxError(_))
                    | DbErr::ConnectionAcquire(_)
                    | DbErr::Exec(RuntimeErr::SqlxError(_))
                    | DbErr::Query(RuntimeErr::SqlxError(_))
            )
        )
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => Self::NotUnique(message),
            _ => match error {
                DbErr::RecordNotFound(_) => Self::NotFound,
                other => Self::Database(other),
            },
        }
    }
}
