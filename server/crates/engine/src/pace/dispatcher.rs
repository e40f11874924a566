//! Hands out permits to send: one for each attempt, given back with what became of it.
//!
//! A permit is there when the worker has room and the workspace its fair share of it, the
//! credential is not paused and below its limit, the model's window is not full, and the rate
//! headers leave something over.
//!
//! Invariant: no lock is held across an await, and a permit that is dropped is given back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::ids::{ModelId, WorkspaceId};
use contract::provider::Provider;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::allowance::Allowance;
use super::share::Shares;
use super::window::Window;

/// Whose pace it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LaneKey {
    pub(crate) workspace: WorkspaceId,
    /// With the workspace: the credential.
    pub(crate) provider: Provider,
    pub(crate) model: ModelId,
}

/// What is known of a lane's pace before it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lane {
    pub(crate) key: LaneKey,
    /// Where its window begins.
    pub(crate) first_window: usize,
    /// Upper limit of the model's row.
    pub(crate) max_in_flight: usize,
    /// Upper limit of the credential, over all its models.
    pub(crate) credential_limit: usize,
}

/// What became of an attempt, as far as pace is concerned.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    /// Requests left, and until when.
    pub(crate) requests: Option<(u64, Duration)>,
    /// Tokens left, and until when.
    pub(crate) tokens: Option<(u64, Duration)>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Kind {
    /// An answer.
    Answered,
    /// Too many or too fast, and how long the provider wants to be left alone.
    Refused(Option<Duration>),
    /// Says nothing about pace.
    #[default]
    Other,
}

/// The permits of one worker.
#[derive(Debug)]
pub(crate) struct Dispatcher {
    state: Mutex<State>,
    /// Notified when a permit may have become free.
    freed: Notify,
    /// A provider that wants to be left alone for longer is left alone for this long.
    longest_pause: Duration,
}

#[derive(Debug)]
struct State {
    shares: Shares,
    credentials: HashMap<(WorkspaceId, Provider), Credential>,
}

#[derive(Debug)]
struct Credential {
    limit: usize,
    in_flight: usize,
    paused_until: Option<Instant>,
    models: HashMap<ModelId, Model>,
}

#[derive(Debug)]
struct Model {
    window: Window,
    in_flight: usize,
    /// The number of the next send.
    next: u64,
    requests: Allowance,
    tokens: Allowance,
    lanes: usize,
}

impl Model {
    fn is_done(&self, now: Instant) -> bool {
        self.lanes == 0
            && self.in_flight == 0
            && self.requests.blocked_until(1, now).is_none()
            && self.tokens.blocked_until(1, now).is_none()
    }
}

impl Dispatcher {
    /// For at most `capacity` attempts at the same time.
    pub(crate) fn new(capacity: usize, longest_pause: Duration) -> Arc<Self> {
        let state = State {
            shares: Shares::new(capacity),
            credentials: HashMap::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
            freed: Notify::new(),
            longest_pause,
        })
    }

    /// A lane begins. Lanes of the same key and model share a window.
    pub(crate) fn join(self: &Arc<Self>, lane: Lane) -> Pass {
        let now = Instant::now();
        let mut state = self.lock();
        state.forget_done(now);
        let credential = state
            .credentials
            .entry((lane.key.workspace, lane.key.provider))
            .or_insert_with(|| Credential {
                limit: lane.credential_limit,
                in_flight: 0,
                paused_until: None,
                models: HashMap::new(),
            });
        credential.limit = lane.credential_limit.max(1);
        let model = credential
            .models
            .entry(lane.key.model)
            .or_insert_with(|| Model {
                window: Window::new(lane.first_window, lane.max_in_flight),
                in_flight: 0,
                next: 0,
                requests: Allowance::default(),
                tokens: Allowance::default(),
                lanes: 0,
            });
        model.window.set_ceiling(lane.max_in_flight);
        model.lanes += 1;
        Pass {
            dispatcher: Arc::clone(self),
            key: lane.key,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn model(&mut self, key: LaneKey) -> Option<(&mut Credential, ModelId)> {
        let credential = self.credentials.get_mut(&(key.workspace, key.provider))?;
        Some((credential, key.model))
    }

    /// Drops what says nothing any more: no lane, nothing in flight, no pause and no limit.
    fn forget_done(&mut self, now: Instant) {
        self.credentials.retain(|_, credential| {
            credential.models.retain(|_, model| !model.is_done(now));
            !credential.models.is_empty() || credential.paused_until.is_some_and(|end| end > now)
        });
    }

    /// How many of these sends pace allows now, and when it is worth asking again.
    fn allowed(&mut self, key: LaneKey, tokens: &[u64], now: Instant) -> (usize, Option<Instant>) {
        let Some((credential, model)) = self.model(key) else {
            return (0, None);
        };
        if let Some(end) = credential.paused_until.filter(|end| *end > now) {
            return (0, Some(end));
        }
        let room = credential.limit.saturating_sub(credential.in_flight);
        let Some(model) = credential.models.get(&model) else {
            return (0, None);
        };
        let room = room.min(model.window.limit().saturating_sub(model.in_flight));
        let mut sum = 0;
        for (before, units) in (0_u64..).zip(tokens).take(room) {
            sum += units;
            let blocked = model
                .requests
                .blocked_until(before + 1, now)
                .max(model.tokens.blocked_until(sum, now));
            if blocked.is_some() {
                return (usize::try_from(before).unwrap_or(room), blocked);
            }
        }
        (room.min(tokens.len()), None)
    }

    /// Takes the permits that were found to be allowed.
    fn take(&mut self, key: LaneKey, tokens: &[u64]) -> Vec<u64> {
        let Some((credential, model)) = self.model(key) else {
            return Vec::new();
        };
        credential.in_flight += tokens.len();
        let Some(model) = credential.models.get_mut(&model) else {
            return Vec::new();
        };
        model.in_flight += tokens.len();
        if !tokens.is_empty() {
            model.window.sent(model.in_flight);
        }
        let send = |units: &u64| {
            let number = model.next;
            model.next += 1;
            model.requests.sent(number, 1);
            model.tokens.sent(number, *units);
            number
        };
        tokens.iter().map(send).collect()
    }
}

/// A lane's way to permits; given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Pass {
    dispatcher: Arc<Dispatcher>,
    key: LaneKey,
}

/// Permits that were free, and when to ask again where there were fewer than wanted.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) permits: Vec<Permit>,
    /// A moment at which more may be free, whatever comes back until then.
    pub(crate) again_at: Option<Instant>,
}

impl Pass {
    /// How many asks may be in flight now with this key and model.
    pub(crate) fn window(&self) -> usize {
        let mut state = self.dispatcher.lock();
        state
            .model(self.key)
            .and_then(|(credential, model)| Some(credential.models.get(&model)?.window.limit()))
            .unwrap_or(1)
    }

    /// Takes the permits that are free now, at most one for each of `tokens`: what a send may
    /// use of a limit of tokens.
    pub(crate) fn take(&self, tokens: &[u64]) -> Taken {
        let mut state = self.dispatcher.lock();
        let (allowed, again_at) = state.allowed(self.key, tokens, Instant::now());
        let granted = state.shares.grant(self.key.workspace, allowed);
        let numbers = state.take(self.key, &tokens[..granted]);
        drop(state);
        let permit = |number| Permit {
            dispatcher: Arc::clone(&self.dispatcher),
            key: self.key,
            number,
            is_back: false,
        };
        Taken {
            permits: numbers.into_iter().map(permit).collect(),
            again_at,
        }
    }

    /// Waits for one permit.
    pub(crate) async fn acquire(&self, tokens: u64) -> Permit {
        loop {
            let freed = self.freed();
            let mut taken = self.take(&[tokens]);
            if let Some(permit) = taken.permits.pop() {
                return permit;
            }
            match taken.again_at {
                Some(moment) => tokio::select! {
                    () = freed => {}
                    () = sleep_until(moment) => {}
                },
                None => freed.await,
            }
        }
    }

    /// Ready when a permit may have become free since this call.
    pub(crate) fn freed(&self) -> impl Future<Output = ()> + use<'_> {
        let mut freed = Box::pin(self.dispatcher.freed.notified());
        // Listens from now on, not from the first poll.
        freed.as_mut().enable();
        freed
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.dispatcher.lock();
        if let Some((credential, model)) = state.model(self.key)
            && let Some(model) = credential.models.get_mut(&model)
        {
            model.lanes = model.lanes.saturating_sub(1);
        }
        let workspace = self.key.workspace;
        let has_lanes = state.credentials.iter().any(|((owner, _), credential)| {
            *owner == workspace && credential.models.values().any(|model| model.lanes > 0)
        });
        if !has_lanes {
            state.shares.forget(workspace);
        }
        drop(state);
        self.dispatcher.freed.notify_waiters();
    }
}

/// Leave to send one attempt.
#[derive(Debug)]
pub(crate) struct Permit {
    dispatcher: Arc<Dispatcher>,
    key: LaneKey,
    number: u64,
    is_back: bool,
}

impl Permit {
    /// Gives the permit back with what became of the attempt.
    pub(crate) fn settle(mut self, verdict: Verdict) {
        self.give_back(verdict);
    }

    fn give_back(&mut self, verdict: Verdict) {
        if std::mem::replace(&mut self.is_back, true) {
            return;
        }
        let now = Instant::now();
        let longest_pause = self.dispatcher.longest_pause;
        let mut state = self.dispatcher.lock();
        state.shares.release(self.key.workspace);
        if let Some((credential, model)) = state.model(self.key) {
            if let Kind::Refused(Some(wait)) = verdict.kind {
                let end = now + wait.min(longest_pause);
                credential.paused_until = credential.paused_until.max(Some(end));
            }
            credential.in_flight = credential.in_flight.saturating_sub(1);
            if let Some(model) = credential.models.get_mut(&model) {
                model.settle(self.number, verdict, now);
            }
        }
        drop(state);
        self.dispatcher.freed.notify_waiters();
    }
}

impl Model {
    fn settle(&mut self, number: u64, verdict: Verdict, now: Instant) {
        match verdict.kind {
            Kind::Answered => self.window.answered(),
            Kind::Refused(_) => {
                self.window.refused(number, self.next);
            }
            Kind::Other => {}
        }
        if let Some((left, reset)) = verdict.requests {
            self.requests.note_reported(number, left, reset, now);
        }
        if let Some((left, reset)) = verdict.tokens {
            self.tokens.note_reported(number, left, reset, now);
        }
        self.in_flight = self.in_flight.saturating_sub(1);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.give_back(Verdict::default());
    }
}
