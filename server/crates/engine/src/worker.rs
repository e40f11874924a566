//! Claims lanes and gives each a task.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use providers::{ErrorClass, Provider};
use runtime::clock::SharedClock;
use runtime::supervision::{Backoff, JobReporter, RestartPauses, run_noting_panic};
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::attempt::RetryPolicy;
use super::calls::Calls;
use super::key_lookup::KeyWaits;
use super::lane::{LaneExit, end_unasked, work_off};
use super::pace::FIRST_WINDOW;
use super::ports::{ClaimRequest, KeyRing, LaneError, LaneStore, LocalWorkers};
use super::setbacks::Setbacks;
use super::work::{Claimed, LaneHold};

/// How often a worker looks for lanes that no wake-up announced.
const LOOK_FOR_LANES: Duration = Duration::from_secs(1);
/// A worker that could not look for so long is not well.
const LATE_AFTER: Duration = Duration::from_mins(5);

/// What an engine is made of.
pub struct Parts {
    /// Where lanes are kept.
    pub lanes: Arc<dyn LaneStore>,
    /// Where keys are kept.
    pub keys: Arc<dyn KeyRing>,
    /// Who answers; told by the access which vendor is meant.
    pub provider: Arc<dyn Provider>,
    /// By which outcomes are stamped.
    pub clock: SharedClock,
    /// Who this worker is, and who works beside it.
    pub local_workers: Arc<dyn LocalWorkers>,
}

/// How an engine works.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Attempts in flight on this worker, over all lanes.
    pub capacity: usize,
    /// Asks in flight that a key and model begin with of which nothing was learnt.
    pub first_window: usize,
    /// Asks in flight with one key, over all its models, unless its row says otherwise.
    pub credential_limit: usize,
    /// Lanes of one workspace at the same time: as many as fill the capacity, so that others
    /// are left to other workers.
    pub lanes_a_workspace: usize,
    /// How failures are retried.
    pub retry: RetryPolicy,
    /// How long asks in flight are waited for when the host goes down.
    pub drain: Duration,
    /// How long a lane waits for keys that cannot be read.
    pub key_waits: KeyWaits,
}

impl Default for Options {
    fn default() -> Self {
        Self::with_capacity(1_024)
    }
}

impl Options {
    /// For at most `capacity` attempts in flight.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity,
            first_window: FIRST_WINDOW,
            credential_limit: 512,
            lanes_a_workspace: capacity.div_ceil(FIRST_WINDOW),
            retry: RetryPolicy::default(),
            drain: Duration::from_secs(20),
            key_waits: KeyWaits::default(),
        }
    }
}

/// Works off lanes in the background.
pub struct Engine;

impl Engine {
    /// Starts a worker. Once `shutdown` is cancelled it claims nothing more, waits for the asks
    /// in flight as long as [`Options::drain`] says, and gives its lanes back.
    pub fn spawn(parts: Parts, options: Options, shutdown: CancellationToken) -> EngineHandle {
        Self::spawn_woken_by(Arc::default(), parts, options, shutdown)
    }

    /// As [`Self::spawn`], with a wake signal that is there already.
    pub fn spawn_woken_by(
        wake_signal: Arc<Notify>,
        parts: Parts,
        options: Options,
        shutdown: CancellationToken,
    ) -> EngineHandle {
        let reporter = JobReporter::new("lanes", LATE_AFTER, Arc::clone(&parts.clock));
        let (provider, clock) = (Arc::clone(&parts.provider), Arc::clone(&parts.clock));
        let calls = Calls::new(provider, clock, options);
        let worker = Worker {
            id: parts.local_workers.name(),
            parts: Arc::new(parts),
            calls: calls.clone(),
            tasks: JoinSet::new(),
            held: HashMap::new(),
            setbacks: Setbacks::default(),
        };
        let task = tokio::spawn(worker.run(Arc::clone(&wake_signal), reporter.clone(), shutdown));
        EngineHandle {
            wake_signal,
            calls,
            reporter,
            task,
        }
    }
}

/// A running engine.
pub struct EngineHandle {
    wake_signal: Arc<Notify>,
    calls: Calls,
    reporter: JobReporter,
    task: JoinHandle<()>,
}

impl EngineHandle {
    /// Says that a run was planned, so that nobody waits for the next look.
    pub fn wake(&self) {
        self.wake_signal.notify_one();
    }

    /// How the worker goes.
    pub fn reporter(&self) -> JobReporter {
        self.reporter.clone()
    }

    /// Where routes begin for what is asked beside lanes, at their pace.
    pub fn calls(&self) -> Calls {
        self.calls.clone()
    }

    /// Waits until the worker has obeyed its shutdown.
    pub async fn join(self) {
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker did not end well");
        }
    }
}

/// A lane that a task works on.
struct Holding {
    hold: LaneHold,
    /// Asks that waited when it was claimed.
    waiting: usize,
}

struct Worker {
    id: Arc<str>,
    parts: Arc<Parts>,
    calls: Calls,
    tasks: JoinSet<Result<LaneExit, LaneError>>,
    /// Which lane each task holds.
    held: HashMap<Id, Holding>,
    /// Lanes that went wrong.
    setbacks: Setbacks,
}

impl Worker {
    /// Turns until `shutdown`, then waits for the lanes. A turn that panics costs no lane: their
    /// tasks are kept, and another turn follows after a pause.
    async fn run(
        mut self,
        wake_signal: Arc<Notify>,
        reporter: JobReporter,
        shutdown: CancellationToken,
    ) {
        tracing::info!(worker = %self.id, "worker started");
        let mut backoff = Backoff::new(RestartPauses::default());
        while !shutdown.is_cancelled() {
            match run_noting_panic(&reporter, self.look(&shutdown)).await {
                Some(looked) => reporter.of(&looked),
                None => backoff.wait(&reporter, &shutdown).await,
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = wake_signal.notified() => {}
                () = sleep(LOOK_FOR_LANES) => {}
                Some(ended) = self.tasks.join_next_with_id() => self.forget(ended),
            }
        }
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.forget(ended);
        }
        tracing::info!(worker = %self.id, "worker stopped");
    }

    /// One look at what there is to do.
    async fn look(&mut self, shutdown: &CancellationToken) -> Result<(), LaneError> {
        self.release_dead_workers().await;
        self.claim_all(shutdown).await
    }

    /// Frees at once what a worker held whose death is certain.
    async fn release_dead_workers(&self) {
        for worker in self.parts.local_workers.dead_workers() {
            match self.parts.lanes.release_dead_worker(&worker).await {
                Ok(lanes) => {
                    tracing::info!(worker, lanes, "a worker died, its lanes are free");
                    self.parts.local_workers.forget(&worker);
                }
                Err(error) => tracing::warn!(%error, "the lanes of a dead worker stay held"),
            }
        }
    }

    /// Claims lanes until there are none, or no workspace may have more.
    async fn claim_all(&mut self, shutdown: &CancellationToken) -> Result<(), LaneError> {
        while !shutdown.is_cancelled() {
            let working = self.held.values().map(|holding| holding.hold.clone());
            let mut held: Vec<LaneHold> = working.collect();
            held.extend(self.setbacks.resting(Instant::now()));
            let claiming = ClaimRequest {
                worker: &self.id,
                held: &held,
                lanes_a_workspace: self.calls.options().lanes_a_workspace,
            };
            match self.parts.lanes.claim(&claiming).await {
                Ok(Some(claimed)) => self.start(claimed, shutdown.clone()),
                Ok(None) => return Ok(()),
                Err(error) => {
                    tracing::warn!(%error, "no lane could be claimed");
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, claimed: Claimed, shutdown: CancellationToken) {
        let scope = &claimed.scope;
        let hold = scope.hold.clone();
        let waiting = claimed.asks.len();
        let span = tracing::info_span!(
            "lane",
            run = scope.run.0,
            lane = hold.lane.0,
            epoch = hold.epoch,
            provider = %scope.model.provider,
        );
        let parts = Arc::clone(&self.parts);
        let calls = self.calls.clone();
        let reason_to_give_up = self
            .setbacks
            .reason_to_give_up(hold.lane, waiting)
            .map(|reason| {
                format!(
                    "it could not be gone on with, again and again ({reason}); the log has more"
                )
            });
        let task = async move {
            tracing::debug!(
                asks = claimed.asks.len(),
                lost = claimed.lost,
                "lane claimed"
            );
            match reason_to_give_up {
                Some(message) => {
                    end_unasked(&parts, &claimed.scope, ErrorClass::Internal, message).await
                }
                None => work_off(parts, calls, claimed, shutdown).await,
            }
        };
        let handle = self.tasks.spawn(task.instrument(span));
        self.held.insert(handle.id(), Holding { hold, waiting });
    }

    /// A task has ended. A lane that went wrong, or whose task panicked, is left to its lease, and
    /// rests here.
    fn forget(&mut self, ended: Result<(Id, Result<LaneExit, LaneError>), JoinError>) {
        let (id, left) = match ended {
            Ok((id, left)) => (id, left),
            Err(error) => (error.id(), Err(LaneError::Refused(error.to_string()))),
        };
        let Some(Holding { hold, waiting }) = self.held.remove(&id) else {
            return;
        };
        let lane = hold.lane.0;
        match left {
            Ok(exit) => {
                tracing::debug!(lane, ?exit, "lane left");
                self.setbacks.forget(hold.lane);
            }
            Err(LaneError::Lost) => {
                tracing::warn!(lane, "lane lost to another worker");
                self.setbacks.forget(hold.lane);
            }
            // Nothing is wrong with the lane: its lease is pause enough.
            Err(error @ LaneError::Unreachable(_)) => {
                tracing::error!(lane, %error, "lane left, another claim follows its lease");
            }
            Err(error) => {
                tracing::error!(lane, %error, "lane given up, another claim follows its lease");
                let (reason, now) = (error.to_string(), Instant::now());
                self.setbacks.note(hold, waiting, reason, now);
            }
        }
    }
}
