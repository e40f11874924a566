//! Starts what falls due: runs of projects, and once a week the look at which models there are.
//!
//! Invariant: what is due stands in the database; any number of hosts may look, each slot is
//! taken once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use crate::engine::schedule::Schedule;
use crate::services::ServiceResult;
use crate::services::schedule::Scheduling;
use crate::supervision::Pulse;

/// How often a worker looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);

/// When models are looked for: Sundays at midnight, UTC.
pub const MODEL_CHECK: &str = "0 0 * * 0";

/// The next look at models after a moment.
pub fn next_model_check(after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Schedule::read(MODEL_CHECK).ok()?.next(Tz::UTC, after)
}

/// The last look at models that was due by `until`, and not before `from`.
pub fn last_model_check(from: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Schedule::read(MODEL_CHECK).ok()?.last(Tz::UTC, from, until)
}

/// Starts runs that fall due, until `shutdown`.
pub async fn work(scheduling: Scheduling, pulse: Pulse, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        pulse.of(&look(&scheduling).await);
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// One look. Runs that cannot be started keep nobody from looking for models, nor the reverse.
pub async fn look(scheduling: &Scheduling) -> ServiceResult<()> {
    let fired = scheduling.fire_due().await;
    if let Err(error) = &fired {
        tracing::warn!(%error, "what is due could not be started");
    }
    let checked = scheduling.check_models_if_due().await;
    if let Err(error) = &checked {
        tracing::warn!(%error, "models could not be looked for");
    }
    fired.map(drop).and(checked)
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
