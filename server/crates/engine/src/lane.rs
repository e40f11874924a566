//! Works off one lane: keeps as many asks in flight as pace and budget allow, and commits
//! whatever has arrived.
//!
//! Invariant: an ask is marked as running before it is sent. While the lane is held, no answer is
//! dropped. There is no timer in the way of an answer: what arrives during a commit is written by
//! the next one.

use std::collections::VecDeque;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use providers::ErrorClass;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::allowance::SetAside;
use super::asker::{Asker, Reader};
use super::calls::Calls;
use super::cost::price_at;
use super::held_work::{HeldWork, RENEW, WorkEvent, at, ignore_unreachable, ticks};
use super::key_lookup::{KeyLookup, look_up_key};
use super::pace::Permit;
use super::ports::{FoundKey, LaneError};
use super::route::Route;
use super::work::{AskOutcome, AskWork, Batch, Begin, Claimed, Committed, LaneEnd, LaneScope};
use super::worker::Parts;

/// How often a lane looks whether it was cancelled; half of what a person may wait.
pub(super) const LOOK: Duration = Duration::from_millis(500);
/// To write so many answers takes longer than to mark as many asks as sent.
const BURST_ANSWERS: usize = 8;

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
    calls: Calls,
    mut claimed: Claimed,
    shutdown: CancellationToken,
) -> Result<LaneExit, LaneError> {
    let key_waits = calls.options().key_waits;
    let FoundKey {
        access,
        on_shared_key,
    } = match look_up_key(&parts, &claimed.scope, key_waits, &shutdown).await? {
        KeyLookup::Open(found) => found,
        KeyLookup::Closed(message) => {
            return end_unasked(&parts, &claimed.scope, ErrorClass::BadKey, message).await;
        }
        KeyLookup::Left(exit) => return Ok(exit),
    };
    claimed.scope.on_shared_key = on_shared_key;
    let model = &claimed.scope.model;
    let is_priced = price_at(&model.prices, parts.clock.now()).is_some();
    let is_fiction = claimed.scope.payer().is_fiction;
    // A ceiling holds only for what has a price: whose key it is decides, not the owner.
    let may_be_unpriced = is_fiction || claimed.allow_unpriced && !on_shared_key;
    if !is_priced && !may_be_unpriced {
        let message = format!("{} has no price", model.model_id);
        return end_unasked(&parts, &claimed.scope, ErrorClass::Unpriced, message).await;
    }
    let route = calls.route(claimed.scope.workspace, model, access, claimed.limits);
    let work = HeldWork::new(shutdown, calls.drain());
    LaneTask::new(parts, claimed, route, work).run().await
}

/// Ends a lane of which no ask can be sent.
pub(super) async fn end_unasked(
    parts: &Parts,
    scope: &LaneScope,
    class: ErrorClass,
    message: String,
) -> Result<LaneExit, LaneError> {
    let end = LaneEnd { class, message };
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
    scope: Arc<LaneScope>,
    asker: Arc<Asker>,
    /// Not sent yet.
    waiting: VecDeque<AskWork>,
    /// What is in flight.
    work: HeldWork<AskOutcome>,
    /// Came back, not written yet.
    arrived: Vec<AskOutcome>,
    /// Why nothing more is sent, not written yet.
    end: Option<LaneEnd>,
    /// The database has to be asked even where there is nothing to write.
    must_commit: bool,
    /// The budget had nothing for the next ask, but asks in flight may leave something over.
    waits_for_money: bool,
    /// There are asks to send and room in the window, but no permits.
    waits_for_permits: bool,
    /// When there may be permits, whatever comes back until then.
    permits_at: Option<Instant>,
    /// The window as it was last kept for the next run.
    kept_window: usize,
}

/// An ask that has its permit and waits for its mark and its money.
struct Sending {
    work: AskWork,
    permit: Permit,
}

/// What is written in one transaction.
struct Writing<'a> {
    arrived: &'a mut [AskOutcome],
    sends: &'a [Sending],
    /// The first of `sends` is to go where it is the only ask in flight, at its least.
    alone: bool,
}

impl LaneTask {
    fn new(parts: Arc<Parts>, claimed: Claimed, route: Route, work: HeldWork<AskOutcome>) -> Self {
        let kept_window = route.pass.window();
        let scope = Arc::new(claimed.scope);
        let asker = Asker {
            scope: Arc::clone(&scope),
            country: claimed.country,
            hints: claimed
                .readings
                .last()
                .map(|reading| reading.entities.as_slice())
                .unwrap_or_default()
                .iter()
                .map(|entity| entity.name.clone())
                .collect(),
            readers: RwLock::new(Reader::all(claimed.readings)),
            terms: RwLock::new(Arc::new(claimed.terms)),
            route,
            lanes: Arc::clone(&parts.lanes),
        };
        Self {
            parts,
            scope,
            asker: Arc::new(asker),
            waiting: claimed.asks,
            work,
            arrived: Vec::new(),
            end: None,
            must_commit: true,
            waits_for_money: false,
            waits_for_permits: false,
            permits_at: None,
            kept_window,
        }
    }

    async fn run(mut self) -> Result<LaneExit, LaneError> {
        let mut look = ticks(LOOK);
        let asker = Arc::clone(&self.asker);
        loop {
            // Listens before permits are asked for: none that is freed meanwhile is missed.
            let freed = asker.route.pass.freed();
            if self.commit_if_needed().await? {
                self.keep_window().await;
                return Ok(LaneExit::Done);
            }
            if self.work.is_going_down() && self.work.is_idle() {
                self.keep_window().await;
                self.parts.lanes.release(&self.scope.hold).await?;
                return Ok(LaneExit::Released);
            }
            // Nothing in flight and nothing to send, yet not done: the database must know more.
            if self.work.is_idle() && self.waiting.is_empty() {
                return Err(LaneError::Refused("asks without an owner".to_owned()));
            }
            tokio::select! {
                event = self.work.next() => match event? {
                    WorkEvent::Back(outcome) => self.take_all(outcome)?,
                    WorkEvent::RenewalIsDue => {
                        ignore_unreachable(self.parts.lanes.renew(&self.scope.hold).await)?;
                        self.keep_window().await;
                    }
                    WorkEvent::GoingDown => {}
                },
                () = freed, if self.waits_for_permits => {}
                () = at(self.permits_at), if self.waits_for_permits => {}
                _ = look.tick() => self.look().await?,
            }
        }
    }

    /// Keeps what was learnt of this key for its next run. Losing it costs nothing but time.
    async fn keep_window(&mut self) {
        let window = self.asker.route.pass.window();
        if window == self.kept_window {
            return;
        }
        match self.parts.lanes.learn(&self.scope, window).await {
            Ok(()) => self.kept_window = window,
            Err(error) => tracing::warn!(%error, "the learnt window could not be kept"),
        }
    }

    /// Takes one outcome, and with it all others that are there already.
    fn take_all(&mut self, first: AskOutcome) -> Result<(), LaneError> {
        // What was set aside for it may do for the next.
        self.waits_for_money = false;
        let mut next = Some(first);
        while let Some(outcome) = next {
            self.note_dead_key(&outcome);
            self.arrived.push(outcome);
            next = self.work.try_next()?;
        }
        Ok(())
    }

    /// Where no further ask with this key and model can succeed, none is sent.
    fn note_dead_key(&mut self, outcome: &AskOutcome) {
        let Err(failure) = &outcome.exchange.result else {
            return;
        };
        let settle = self.work.settle();
        if !self.asker.route.retry.is_the_end(failure) || settle.is_cancelled() {
            return;
        }
        tracing::warn!(class = failure.class.word(), "lane ends early");
        self.end = Some(LaneEnd {
            class: failure.class,
            message: failure.message.clone(),
        });
        settle.cancel();
    }

    async fn look(&mut self) -> Result<(), LaneError> {
        self.waits_for_money = false;
        match self.parts.lanes.lane_state(&self.scope.hold).await {
            Ok(look) => {
                self.must_commit |= look.cancelled && !self.work.settle().is_cancelled();
                Ok(())
            }
            Err(error) => ignore_unreachable(Err(error)),
        }
    }

    /// Gets permits for as many waiting asks as fit the window.
    fn next_sends(&mut self) -> Vec<Sending> {
        let is_held = self.end.is_some() || self.waits_for_money || self.work.is_going_down();
        let room = if is_held {
            0
        } else {
            self.asker
                .route
                .pass
                .window()
                .saturating_sub(self.work.in_flight())
        };
        let next = || self.waiting.iter().take(room);
        let tokens: Vec<u64> = next().map(|work| self.asker.tokens(work)).collect();
        let taken = self.asker.route.pass.take(&tokens);
        self.waits_for_permits = taken.permits.len() < tokens.len();
        self.permits_at = taken.again_at;
        taken
            .permits
            .into_iter()
            .zip(next())
            .map(|(permit, work)| Sending {
                work: work.clone(),
                permit,
            })
            .collect()
    }

    /// Writes what has arrived and begins what fits the window. Whether the lane is done.
    async fn commit_if_needed(&mut self) -> Result<bool, LaneError> {
        let sends = self.next_sends();
        let is_idle = self.arrived.is_empty() && self.end.is_none() && sends.is_empty();
        if is_idle && !self.must_commit {
            return Ok(false);
        }
        let mut arrived = std::mem::take(&mut self.arrived);
        // Before anything is set aside: the next answer may be as large as these.
        self.asker.learn(&arrived, false);
        let is_plain = self.end.is_none() && !self.must_commit;
        // Most of the window came at once; answers that trickle in keep the provider busy.
        let is_burst =
            arrived.len() >= BURST_ANSWERS && arrived.len() * 2 >= self.asker.route.pass.window();
        if is_plain && !sends.is_empty() && is_burst {
            // The provider need not wait until all of it is written.
            self.write(&mut [], sends).await?;
            return self.write(&mut arrived, Vec::new()).await;
        }
        self.write(&mut arrived, sends).await
    }

    /// One transaction, and what follows from it. Whether the lane is done.
    async fn write(
        &mut self,
        arrived: &mut [AskOutcome],
        sends: Vec<Sending>,
    ) -> Result<bool, LaneError> {
        let writing = Writing {
            arrived,
            sends: &sends,
            alone: false,
        };
        let (mut committed, mut set_aside) = self.commit(writing).await?;
        self.end = None;
        self.must_commit = false;
        let has_less = set_aside
            .first()
            .is_some_and(|next| next.least.amount < next.most);
        if committed.begun == 0 && committed.stopped.is_none() && has_less {
            // The budget has not what such answers may cost: one at a time, then.
            let writing = Writing {
                arrived: &mut [],
                sends: &sends[..1],
                alone: true,
            };
            let run = committed.run.take();
            (committed, set_aside) = self.commit(writing).await?;
            committed.run = committed.run.or(run);
        }
        self.waits_for_money = committed.begun < sends.len();
        if committed.stopped.is_some() {
            self.waiting.clear();
            self.work.settle().cancel();
        }
        let begun = sends.into_iter().zip(set_aside).take(committed.begun);
        for (Sending { work, permit }, set_aside) in begun {
            self.waiting.pop_front();
            let asker = Arc::clone(&self.asker);
            let settle = self.work.settle().clone();
            let SetAside { most, worst, .. } = set_aside;
            self.work
                .begin(async move { asker.ask(work, worst, most, permit, settle).await });
        }
        if let Some(run) = committed.run {
            run.log();
        }
        Ok(committed.lane_done)
    }

    /// Commits, again and again where the database does not answer: the answers are here only.
    /// Gives with it what was set aside for each of the sends that was begun.
    async fn commit(
        &mut self,
        writing: Writing<'_>,
    ) -> Result<(Committed, Vec<SetAside>), LaneError> {
        let Writing {
            arrived,
            sends,
            alone,
        } = writing;
        let mut failures = 0;
        // Once, whatever the clock says meanwhile: it may be written although nobody told.
        let mut set_aside = self.set_aside(sends);
        loop {
            let terms = self.asker.terms();
            let begin: Vec<Begin> = sends
                .iter()
                .zip(&set_aside)
                .map(|(sending, money)| Begin {
                    ask: sending.work.id,
                    most: money.most,
                    least: money.least.amount,
                })
                .collect();
            let batch = Batch {
                outcomes: arrived,
                begin: &begin,
                alone,
                terms: Some(&terms),
                end: self.end.as_ref(),
                again: failures > 0,
            };
            let error = match self.parts.lanes.commit(&self.scope, &batch).await {
                Err(LaneError::RevisionsChanged) => match self.read_again(arrived).await {
                    Ok(()) => continue,
                    Err(error) => error,
                },
                Err(LaneError::TermsChanged) => match self.price_again(arrived).await {
                    Ok(()) => {
                        set_aside = self.set_aside(sends);
                        continue;
                    }
                    Err(error) => error,
                },
                Err(error) => error,
                Ok(committed) => {
                    self.asker.learn(arrived, true);
                    return Ok((committed, set_aside));
                }
            };
            self.work.wait_to_write_again(error, failures).await?;
            failures += 1;
        }
    }

    /// What is set aside for each of these asks.
    fn set_aside(&self, sends: &[Sending]) -> Vec<SetAside> {
        let of = |sending: &Sending| self.asker.set_aside(&sending.work);
        sends.iter().map(of).collect()
    }

    /// Prices what has arrived on the terms that hold by now.
    async fn price_again(&self, arrived: &mut [AskOutcome]) -> Result<(), LaneError> {
        self.asker
            .set_terms(self.parts.lanes.terms(&self.scope).await?);
        self.asker.learn(arrived, false);
        for outcome in arrived {
            self.asker.price(outcome);
        }
        Ok(())
    }

    /// Reads what has arrived with the entities that the project has by now.
    async fn read_again(&self, arrived: &mut [AskOutcome]) -> Result<(), LaneError> {
        let readings = self.parts.lanes.readings(&self.scope).await?;
        self.asker.set_readings(readings);
        let reading = async {
            for outcome in arrived {
                self.asker.read_again(outcome).await;
            }
        };
        // Many long answers take longer than the lease.
        let mut renew = ticks(RENEW);
        tokio::pin!(reading);
        loop {
            tokio::select! {
                () = &mut reading => return Ok(()),
                _ = renew.tick() => {
                    ignore_unreachable(self.parts.lanes.renew(&self.scope.hold).await)?;
                }
            }
        }
    }
}
