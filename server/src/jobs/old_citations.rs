//! Reads the sources of answers that were stored before there was a place for them.
//!
//! It goes on where it left off, and two processes that do it at once only do it twice.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// Between two batches: runs write too.
const PAUSE: Duration = Duration::from_millis(20);

/// Reads batch by batch until all are read or the process ends.
pub async fn read_old_citations(store: Store, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        match store.read_old_citations().await {
            Ok(true) => tokio::time::sleep(PAUSE).await,
            Ok(false) => return,
            Err(error) => {
                tracing::error!(%error, "the sources of old answers were not read; the next start goes on");
                return;
            }
        }
    }
}
