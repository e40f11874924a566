//! Erases deleted projects once their time has come, a little at a time.
//!
//! Invariant: any number of hosts may erase; the store lets one at a time go on with a project.

use std::time::Duration;

use runtime::supervision::{JobReporter, catch_panic};
use tokio_util::sync::CancellationToken;

use crate::store::projects::Erasing;
use crate::store::{Store, StoreError, StoreResult};

/// How often a worker looks whether a project's time has come.
const LOOK: Duration = Duration::from_secs(30);
/// Between two steps, so that whoever waits to write has their turn.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again, until `shutdown`.
pub async fn erase_deleted(store: Store, reporter: JobReporter, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let looked = look(&store, &shutdown).await;
        reporter.of(&looked);
        if let Err(error) = looked {
            tracing::warn!(%error, "deleted projects were not looked after");
        }
        shutdown.run_until_cancelled(tokio::time::sleep(LOOK)).await;
    }
}

/// One look. A project that cannot be erased does not hold up the others, and makes the look a
/// failure all the same: somebody was promised that it goes.
async fn look(store: &Store, shutdown: &CancellationToken) -> StoreResult<()> {
    store.cancel_runs_of_deleted().await?;
    let mut looked = Ok(());
    for erasing in store.projects_to_erase().await? {
        let erased = catch_panic(erase(store, erasing, shutdown)).await;
        let erased = erased.unwrap_or_else(|panic| Err(StoreError::Corrupt(panic.to_string())));
        if let Err(error) = erased {
            tracing::warn!(project.id = %erasing.project, %error, "project not erased yet");
            looked = looked.and(Err(error));
        }
    }
    looked
}

async fn erase(store: &Store, erasing: Erasing, shutdown: &CancellationToken) -> StoreResult<()> {
    let mut at = erasing;
    while let Some(next) = store.erase_some(at).await? {
        at = next;
        if shutdown
            .run_until_cancelled(tokio::time::sleep(PAUSE))
            .await
            .is_none()
        {
            return Ok(());
        }
    }
    store.clear_old_pages().await;
    tracing::info!(project.id = %erasing.project, "deleted project erased");
    Ok(())
}
