//! Starts what falls due: runs of projects, and once a week the look at which models there are.
//! They are two jobs, so that providers that do not send their lists delay no run.
//!
//! Invariant: due work is kept in the database. Any number of hosts may look for it, and each slot
//! is taken once.

use std::fmt::Display;
use std::time::Duration;

use runtime::supervision::JobReporter;
use tokio_util::sync::CancellationToken;

use crate::services::registry::ModelCheck;
use crate::services::schedule::DueWork;

/// How often a worker looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);

/// Starts runs that fall due, until `shutdown`.
pub async fn start_runs(due_work: DueWork, reporter: JobReporter, shutdown: CancellationToken) {
    let what = "what is due could not be started";
    look_again(&reporter, &shutdown, what, || due_work.start_due_runs()).await;
}

/// Looks for models where that is due, until `shutdown`.
pub async fn look_for_models(
    models: ModelCheck,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    let what = "models could not be looked for";
    look_again(&reporter, &shutdown, what, || models.check_if_due()).await;
}

/// Looks again and again; `what` went wrong where a look fails.
async fn look_again<T, E: Display, F: Future<Output = Result<T, E>>>(
    reporter: &JobReporter,
    shutdown: &CancellationToken,
    what: &str,
    look: impl Fn() -> F,
) {
    while !shutdown.is_cancelled() {
        let looked = look().await;
        reporter.of(&looked);
        if let Err(error) = looked {
            tracing::warn!(%error, "{what}");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

#[cfg(test)]
#[path = "due_work_tests.rs"]
mod tests;
