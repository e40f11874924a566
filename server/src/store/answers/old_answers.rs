//! How far the answers have been read that were stored before there was a place for something
//! of theirs.
//!
//! Invariant: reading goes on where it, or another process, left off; what is read twice is
//! written once.

use sea_orm::DatabaseTransaction;

use crate::store::sql::rows;
use crate::store::sql::settings::put_setting;
use crate::store::{Store, StoreResult};

const DONE: &str = "done";

impl Store {
    /// The answers that are still to be read for something: those behind the first id, up to the
    /// second; `None`: all are read.
    pub(super) async fn unread_answers(&self, what: &str) -> StoreResult<Option<(i64, i64)>> {
        Ok(match self.setting(what).await?.as_deref() {
            Some(DONE) => None,
            Some(progress) => Some(read_progress(progress)),
            None => Some((0, self.newest_answer().await?)),
        })
    }

    async fn newest_answer(&self) -> StoreResult<i64> {
        let sql = "SELECT COALESCE(MAX(id), 0) FROM llm_monitoring_results";
        Ok(rows::value(self.reader(), sql, []).await?.unwrap_or(0))
    }
}

/// Notes that answers up to `last` are read, of those up to `end`; `None`: there were no more.
pub(super) async fn note_read(
    tx: &DatabaseTransaction,
    what: &str,
    last: Option<i64>,
    end: i64,
) -> StoreResult<()> {
    let progress = last.map_or_else(|| DONE.to_owned(), |last| format!("{last}/{end}"));
    put_setting(tx, what, &progress).await
}

/// What cannot be read begins anew: nothing is written twice.
fn read_progress(progress: &str) -> (i64, i64) {
    let parts = progress.split_once('/');
    parts
        .and_then(|(last, end)| Some((last.parse().ok()?, end.parse().ok()?)))
        .unwrap_or((0, i64::MAX))
}
