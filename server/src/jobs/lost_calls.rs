//! Books calls whose host died before it could tell what they cost.

use std::time::Duration;

use runtime::supervision::JobReporter;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How often a worker looks whether there are any.
const LOOK: Duration = Duration::from_secs(30);

/// Looks again and again, until `shutdown`.
pub async fn write_lost_calls_to_ledger(
    store: Store,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let booked = store.write_lost_calls_to_ledger().await;
        reporter.of(&booked);
        match booked {
            Ok(0) => {}
            Ok(calls) => tracing::warn!(calls, "lost calls were booked at their worst case"),
            Err(error) => tracing::warn!(%error, "lost calls were not booked yet"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(LOOK) => {}
        }
    }
}
