//! Works off one lane: keeps a window of asks in flight and commits whatever has arrived.
//!
//! Invariant: nothing is sent that was not marked as running before, and nothing that came
//! back is dropped while the lane is held. There is no timer in the way of an answer: what
//! arrives during a commit is written by the next one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use app::model::ids::AskId;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::asker::Asker;
use super::ports::{KeyError, LaneError};
use super::work::{AskOutcome, AskWork, Batch, Claimed, Committed, LaneEnd, LaneScope};
use super::worker::{Options, Parts};
use crate::analysis::Detector;
use crate::providers::{Access, ErrorClass};

/// How often a lane looks whether it was cancelled; half of what a person may wait.
const LOOK: Duration = Duration::from_millis(500);
/// How often a lease is renewed: two of three may fail.
const RENEW: Duration = Duration::from_secs(3);
/// Waits between attempts to reach a database that does not answer.
const FIRST_REACH: Duration = Duration::from_millis(50);
const LAST_REACH: Duration = Duration::from_millis(500);

/// How a lane left its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LaneExit {
    /// Every ask has its outcome.
    Done,
    /// The host is going down; the lane was given back.
    Released,
}

/// Works off `claimed` until it is done, lost, or `shutdown` has been obeyed.
pub(super) async fn work_off(
    parts: Arc<Parts>,
    options: Options,
    claimed: Claimed,
    shutdown: CancellationToken,
) -> Result<LaneExit, LaneError> {
    let access = parts
        .keys
        .access(claimed.scope.workspace, claimed.scope.model.provider)
        .await;
    let access = match access {
        Ok(access) => access,
        Err(KeyError::Missing) => return end_without_key(&parts, &claimed.scope).await,
        Err(KeyError::Unreachable(reason)) => {
            parts.lanes.release(&claimed.scope.hold).await?;
            return Err(LaneError::Unreachable(reason));
        }
    };
    LaneTask::new(parts, options, claimed, access)
        .run(shutdown)
        .await
}

async fn end_without_key(parts: &Parts, scope: &LaneScope) -> Result<LaneExit, LaneError> {
    let end = LaneEnd {
        class: ErrorClass::BadKey,
        message: format!("no API key for {}", scope.model.provider.label()),
    };
    tracing::warn!(class = end.class.word(), "lane ends early");
    let batch = Batch {
        end: Some(&end),
        ..Batch::default()
    };
    let committed = parts.lanes.commit(scope, &batch).await?;
    if let Some(run) = committed.run {
        run.log();
    }
    Ok(LaneExit::Done)
}

struct LaneTask {
    parts: Arc<Parts>,
    options: Options,
    scope: Arc<LaneScope>,
    asker: Arc<Asker>,
    /// Not sent yet.
    waiting: VecDeque<AskWork>,
    in_flight: JoinSet<AskOutcome>,
    /// Came back, not written yet.
    arrived: Vec<AskOutcome>,
    /// Why nothing more is sent, not written yet.
    end: Option<LaneEnd>,
    /// Once cancelled, asks in flight make no further attempt.
    settle: CancellationToken,
    /// The database has to be asked even where there is nothing to write.
    must_commit: bool,
    /// When asks in flight are given up, because the host is going down.
    give_up_at: Option<Instant>,
}

impl LaneTask {
    fn new(parts: Arc<Parts>, options: Options, claimed: Claimed, access: Access) -> Self {
        let scope = Arc::new(claimed.scope);
        let asker = Asker {
            scope: Arc::clone(&scope),
            country: claimed.country,
            hints: claimed
                .entities
                .iter()
                .map(|entity| entity.name.clone())
                .collect(),
            detector: Detector::new(&claimed.entities),
            provider: Arc::clone(&parts.provider),
            access,
            policy: options.retry,
            clock: Arc::clone(&parts.clock),
        };
        Self {
            parts,
            options,
            scope,
            asker: Arc::new(asker),
            waiting: claimed.asks,
            in_flight: JoinSet::new(),
            arrived: Vec::new(),
            end: None,
            settle: CancellationToken::new(),
            must_commit: true,
            give_up_at: None,
        }
    }

    async fn run(mut self, shutdown: CancellationToken) -> Result<LaneExit, LaneError> {
        let mut look = ticks(LOOK);
        let mut renew = ticks(RENEW);
        loop {
            if self.commit_if_needed().await? {
                return Ok(LaneExit::Done);
            }
            if self.give_up_at.is_some() && self.in_flight.is_empty() {
                self.parts.lanes.release(&self.scope.hold).await?;
                return Ok(LaneExit::Released);
            }
            // Nothing in flight and nothing to send, yet not done: the database must know more.
            if self.in_flight.is_empty() && self.waiting.is_empty() {
                return Err(LaneError::Refused("asks without an owner".to_owned()));
            }
            let give_up_at = self.give_up_at;
            tokio::select! {
                Some(ended) = self.in_flight.join_next() => self.take_all(ended)?,
                _ = look.tick() => self.look().await?,
                _ = renew.tick() => tolerate(self.parts.lanes.renew(&self.scope.hold).await)?,
                () = shutdown.cancelled(), if give_up_at.is_none() => {
                    self.give_up_at = Some(Instant::now() + self.options.drain);
                    self.waiting.clear();
                    self.settle.cancel();
                }
                () = at(give_up_at), if give_up_at.is_some() => self.in_flight.abort_all(),
            }
        }
    }

    /// Takes one outcome, and with it all others that are there already.
    fn take_all(&mut self, ended: Result<AskOutcome, JoinError>) -> Result<(), LaneError> {
        self.take(ended)?;
        while let Some(ended) = self.in_flight.try_join_next() {
            self.take(ended)?;
        }
        Ok(())
    }

    fn take(&mut self, ended: Result<AskOutcome, JoinError>) -> Result<(), LaneError> {
        match ended {
            Ok(outcome) => {
                self.note_dead_key(&outcome);
                self.arrived.push(outcome);
                Ok(())
            }
            // Given up when the time to drain was over; whoever claims the lane books it.
            Err(error) if error.is_cancelled() => Ok(()),
            Err(error) => Err(LaneError::Refused(error.to_string())),
        }
    }

    /// Where no further ask with this key and model can succeed, none is sent.
    fn note_dead_key(&mut self, outcome: &AskOutcome) {
        let Err(failure) = &outcome.exchange.result else {
            return;
        };
        if !failure.class.ends_lane() || self.settle.is_cancelled() {
            return;
        }
        tracing::warn!(class = failure.class.word(), "lane ends early");
        self.end = Some(LaneEnd {
            class: failure.class,
            message: failure.message.clone(),
        });
        self.settle.cancel();
    }

    async fn look(&mut self) -> Result<(), LaneError> {
        match self.parts.lanes.look(&self.scope.hold).await {
            Ok(look) => {
                self.must_commit |= look.cancelled && !self.settle.is_cancelled();
                Ok(())
            }
            Err(error) => tolerate(Err(error)),
        }
    }

    /// Writes what has arrived and begins what fits the window. Whether the lane is done.
    async fn commit_if_needed(&mut self) -> Result<bool, LaneError> {
        let room = self.options.window.saturating_sub(self.in_flight.len());
        let next = if self.end.is_some() {
            0
        } else {
            room.min(self.waiting.len())
        };
        if self.arrived.is_empty() && self.end.is_none() && next == 0 && !self.must_commit {
            return Ok(false);
        }
        let begin: Vec<AskId> = self.waiting.iter().take(next).map(|work| work.id).collect();
        let committed = self.commit(&begin).await?;
        self.arrived.clear();
        self.end = None;
        self.must_commit = false;
        if committed.stopped.is_some() {
            self.waiting.clear();
            self.settle.cancel();
        }
        for work in self.waiting.drain(..next.min(self.waiting.len())) {
            let asker = Arc::clone(&self.asker);
            let settle = self.settle.clone();
            self.in_flight
                .spawn(async move { asker.ask(work, settle).await });
        }
        if let Some(run) = committed.run {
            run.log();
        }
        Ok(committed.lane_done)
    }

    fn is_too_late(&self) -> bool {
        self.give_up_at
            .is_some_and(|moment| moment <= Instant::now())
    }

    /// Commits, again and again where the database does not answer: the answers are here only.
    async fn commit(&self, begin: &[AskId]) -> Result<Committed, LaneError> {
        let mut batch = Batch {
            outcomes: &self.arrived,
            begin,
            end: self.end.as_ref(),
            again: false,
        };
        let mut wait = FIRST_REACH;
        loop {
            match self.parts.lanes.commit(&self.scope, &batch).await {
                Err(LaneError::Unreachable(reason)) if !self.is_too_late() => {
                    tracing::warn!(
                        reason,
                        answers = batch.outcomes.len(),
                        "commit is tried again"
                    );
                    sleep(wait).await;
                    wait = (wait * 2).min(LAST_REACH);
                    batch.again = true;
                }
                settled => return settled,
            }
        }
    }
}

/// A database that does not answer for a moment is no reason to give up a lane.
fn tolerate(result: Result<(), LaneError>) -> Result<(), LaneError> {
    match result {
        Err(LaneError::Unreachable(reason)) => {
            tracing::warn!(reason, "the lane could not be looked after");
            Ok(())
        }
        other => other,
    }
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn ticks(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
