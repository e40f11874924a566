//! Tells the database how the jobs of this process go, so that every process can say it.

use std::sync::Arc;
use std::time::Duration;

use runtime::supervision::JobReporter;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How often it is reported.
const REPORT_EVERY: Duration = Duration::from_secs(15);
/// The first time: whoever asks a host that has just begun shall not wait.
const FIRST: Duration = Duration::from_secs(1);

/// Tells how the jobs go, again and again, until `shutdown`. Who tells nothing any more
/// counts as stopped.
pub(super) async fn report_health(
    store: Store,
    process: Arc<str>,
    reporters: Vec<JobReporter>,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    let mut pause = FIRST;
    while !shutdown.is_cancelled() {
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = sleep(pause) => {}
        }
        pause = REPORT_EVERY;
        // The report counts this look already: it is one that worked, or nobody reads it.
        reporter.success();
        let reports: Vec<_> = reporters.iter().map(JobReporter::report).collect();
        if let Err(error) = store.save_job_health(&process, &reports).await {
            tracing::warn!(%error, "how the jobs go could not be told");
            reporter.failure(&error);
        }
    }
}
