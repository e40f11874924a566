//! Reads from old answers what had no table when they were stored: their sources and search
//! queries.
//!
//! It continues where it stopped. Two processes at once do the same work twice, without harm.

use std::time::Duration;

use runtime::supervision::JobReporter;
use tokio_util::sync::CancellationToken;

use crate::store::{Store, StoreResult};

/// Between two batches: runs write too.
const PAUSE: Duration = Duration::from_millis(20);
/// Before a batch that failed is tried again.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// What is read of old answers.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sources,
    SearchQueries,
}

impl Kind {
    /// Whether there may be more.
    async fn read_batch(self, store: &Store) -> StoreResult<bool> {
        match self {
            Self::Sources => store.read_old_citations().await,
            Self::SearchQueries => store.read_old_search_queries().await,
        }
    }
}

/// Reads batch by batch until all are read or the process ends.
pub async fn read_old_answers(store: Store, reporter: JobReporter, shutdown: CancellationToken) {
    for kind in [Kind::Sources, Kind::SearchQueries] {
        while !shutdown.is_cancelled() {
            let read = kind.read_batch(&store).await;
            reporter.of(&read);
            let pause = match read {
                Ok(true) => PAUSE,
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, ?kind, "old answers were not read; trying again in a minute");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
