//! Forgets what the database's log keeps of keys that were deleted or replaced.
//!
//! Invariant: no request waits for it. Whoever reads meanwhile is not disturbed; then it is tried
//! again.

use std::time::Duration;

use runtime::supervision::JobReporter;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How often it says that it lives, and how long it waits where somebody was in the way.
const LOOK: Duration = Duration::from_mins(1);

/// Forgets old pages as often as this process leaves some, until `shutdown`. The first time at
/// once: the process before may have died in between.
pub async fn clear_old_pages(store: Store, reporter: JobReporter, shutdown: CancellationToken) {
    let mut is_done = store.clear_old_pages().await;
    while !shutdown.is_cancelled() {
        reporter.success();
        let is_left = tokio::select! {
            () = shutdown.cancelled() => return,
            () = sleep(LOOK) => !is_done,
            () = store.wait_for_old_pages() => true,
        };
        if is_left {
            is_done = store.clear_old_pages().await;
        }
    }
}
