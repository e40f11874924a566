//! Starts what falls due: runs of projects, and once a week the look at which models there are.
//! These are two jobs: providers whose lists do not come keep no run from its hour.
//!
//! Invariant: what is due stands in the database; any number of hosts may look, each slot is
//! taken once.

use std::fmt::Display;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use crate::engine::schedule::Schedule;
use crate::services::Scheduling;
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
pub async fn start_runs(scheduling: Scheduling, pulse: Pulse, shutdown: CancellationToken) {
    let what = "what is due could not be started";
    look_again(&pulse, &shutdown, what, || scheduling.fire_due()).await;
}

/// Looks for models where that is due, until `shutdown`.
pub async fn look_for_models(scheduling: Scheduling, pulse: Pulse, shutdown: CancellationToken) {
    let what = "models could not be looked for";
    look_again(&pulse, &shutdown, what, || scheduling.check_models_if_due()).await;
}

/// Looks again and again; `what` went wrong where a look fails.
async fn look_again<T, E: Display, F: Future<Output = Result<T, E>>>(
    pulse: &Pulse,
    shutdown: &CancellationToken,
    what: &str,
    look: impl Fn() -> F,
) {
    while !shutdown.is_cancelled() {
        let looked = look().await;
        pulse.of(&looked);
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
#[path = "schedule_tests.rs"]
mod tests;
