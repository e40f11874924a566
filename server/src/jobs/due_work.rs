//! Starts what falls due: runs of projects, and once a week the look at which models there are.
//!
//! Invariant: what is due stands in the database; any number of hosts may look, each slot is
//! taken once.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::services::ServiceResult;
use crate::services::schedule::DueWork;
use crate::supervision::Pulse;

/// How often a worker looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);

/// Starts runs that fall due, until `shutdown`.
pub async fn work(due_work: DueWork, pulse: Pulse, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        pulse.of(&look(&due_work).await);
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// One look. Runs that cannot be started keep nobody from looking for models, nor the reverse.
pub async fn look(due_work: &DueWork) -> ServiceResult<()> {
    let fired = due_work.fire_due().await;
    if let Err(error) = &fired {
        tracing::warn!(%error, "what is due could not be started");
    }
    let checked = due_work.model_check().check_if_due().await;
    if let Err(error) = &checked {
        tracing::warn!(%error, "models could not be looked for");
    }
    fired.map(drop).and(checked)
}

#[cfg(test)]
#[path = "due_work_tests.rs"]
mod tests;
