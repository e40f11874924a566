//! Old copies of changed or deleted rows that SQLite keeps on the disk, and removing them.
//!
//! The file itself forgets them at once (`secure_delete`); the log beside it holds the pages as
//! they were until it is written back and cut.

use std::time::Duration;

use sea_orm::DbBackend;
use sea_orm::sqlx::{self, ConnectOptions, Connection, Row};

use crate::store::Store;

/// Whoever reads meanwhile keeps the log; it is tried so often, and waited so long each time.
const TRIES: usize = 5;
const WAIT: Duration = Duration::from_millis(300);

impl Store {
    /// Says that something was deleted or written over, for a job to forget. Whoever does that in
    /// a request shall not wait for it.
    pub(in crate::store) fn note_old_pages(&self) {
        self.old_pages.notify_one();
    }

    /// Waits until this process has left old pages. Only one job may.
    pub async fn wait_for_old_pages(&self) {
        self.old_pages.notified().await;
    }

    /// Writes the log back and cuts it, so that nothing of what was deleted is left on the disk.
    /// For jobs and commands: it waits for those who read. Whether it is done; else a reader that
    /// takes long keeps the log, and the next call, or the end of the host, does it.
    pub async fn clear_old_pages(&self) -> bool {
        if self.writer.get_database_backend() != DbBackend::Sqlite {
            return true;
        }
        for _ in 0..TRIES {
            match self.cut_log().await {
                Ok(true) => return true,
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "the log was not cut"),
            }
            tokio::time::sleep(WAIT).await;
        }
        tracing::info!("the log of the database keeps old pages for a while: somebody reads them");
        false
    }

    /// Whether nobody was in the way. By a connection of its own, which waits for nobody long.
    async fn cut_log(&self) -> Result<bool, sqlx::Error> {
        let options = self.writer.get_sqlite_connection_pool().connect_options();
        let options = options.as_ref().clone().busy_timeout(WAIT);
        let mut connection = options.connect().await?;
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut connection)
            .await?;
        let is_busy: i64 = row.try_get(0)?;
        connection.close().await?;
        Ok(is_busy == 0)
    }
}
