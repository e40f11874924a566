//! Looks up the key of a lane, and says what becomes of a lane without one.
//!
//! Invariant: a lane that waits for its key keeps its lease, waits longer each time, is let go of
//! at a cancel or a shutdown, and does not wait for ever.

use std::time::Duration;

use tokio::time::{Instant, Interval, sleep_until};
use tokio_util::sync::CancellationToken;

use super::held_work::{RENEW, ignore_unreachable, ticks};
use super::lane::{LOOK, LaneExit};
use super::ports::{FoundKey, KeyError, LaneError};
use super::work::{Batch, LaneScope};
use super::worker::Parts;

/// How long a lane waits for keys that cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct KeyWaits {
    /// Before the second look; each further wait is twice as long.
    pub first: Duration,
    /// The longest of them.
    pub longest: Duration,
    /// All of them together; the lane ends after that.
    pub in_all: Duration,
}

impl Default for KeyWaits {
    /// A database that comes up again is noticed soon; one that is gone for ten minutes is
    /// somebody's business.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(15),
            in_all: Duration::from_mins(10),
        }
    }
}

/// What the look-up of a lane's key found.
pub(super) enum KeyLookup {
    /// This key.
    Open(FoundKey),
    /// There is none that opens: why, and what to do about it.
    Closed(String),
    /// The lane was left before its key was there.
    Left(LaneExit),
}

/// Finds the key of a lane; waits where the keys cannot be read just now.
pub(super) async fn look_up_key(
    parts: &Parts,
    scope: &LaneScope,
    waits: KeyWaits,
    shutdown: &CancellationToken,
) -> Result<KeyLookup, LaneError> {
    let provider = scope.model.provider;
    let give_up_at = Instant::now() + waits.in_all;
    let mut watch = Watch::new(parts, scope, shutdown);
    let mut wait = waits.first;
    loop {
        let reason = match parts.keys.access(scope.workspace, provider).await {
            Ok(found) => return Ok(KeyLookup::Open(found)),
            Err(KeyError::Missing) => {
                let label = provider.label();
                let message = format!("no API key for {label}; add one under Keys and budget");
                return Ok(KeyLookup::Closed(message));
            }
            Err(KeyError::Unreadable(reason)) => return Ok(KeyLookup::Closed(reason)),
            Err(KeyError::Unreachable(reason)) => reason,
        };
        if Instant::now() >= give_up_at {
            let minutes = waits.in_all.as_secs() / 60;
            let message = format!(
                "the API keys could not be read for {minutes} minutes ({reason}); start another run once they can"
            );
            return Ok(KeyLookup::Closed(message));
        }
        tracing::warn!(
            reason,
            wait_ms = wait.as_millis(),
            "the lane waits for its key"
        );
        if let Some(exit) = watch.over(wait).await? {
            return Ok(KeyLookup::Left(exit));
        }
        wait = (wait * 2).min(waits.longest);
    }
}

/// Looks after a lane that waits.
struct Watch<'a> {
    parts: &'a Parts,
    scope: &'a LaneScope,
    shutdown: &'a CancellationToken,
    look: Interval,
    renew: Interval,
}

impl<'a> Watch<'a> {
    fn new(parts: &'a Parts, scope: &'a LaneScope, shutdown: &'a CancellationToken) -> Self {
        Self {
            parts,
            scope,
            shutdown,
            look: ticks(LOOK),
            renew: ticks(RENEW),
        }
    }

    /// Holds on to the lane for so long. How it was left, where somebody cancelled its run or the
    /// host goes down meanwhile.
    async fn over(&mut self, wait: Duration) -> Result<Option<LaneExit>, LaneError> {
        let hold = &self.scope.hold;
        let until = Instant::now() + wait;
        loop {
            tokio::select! {
                () = sleep_until(until) => return Ok(None),
                () = self.shutdown.cancelled() => {
                    self.parts.lanes.release(hold).await?;
                    return Ok(Some(LaneExit::Released));
                }
                _ = self.look.tick() => match self.parts.lanes.lane_state(hold).await {
                    Ok(look) if look.cancelled => return self.drop_all().await.map(Some),
                    looked => ignore_unreachable(looked.map(drop))?,
                },
                _ = self.renew.tick() => ignore_unreachable(self.parts.lanes.renew(hold).await)?,
            }
        }
    }

    /// Nothing was sent: a cancelled run loses all of the lane.
    async fn drop_all(&self) -> Result<LaneExit, LaneError> {
        let committed = self
            .parts
            .lanes
            .commit(self.scope, &Batch::default())
            .await?;
        if let Some(run) = committed.run {
            run.log();
        }
        Ok(LaneExit::Done)
    }
}
