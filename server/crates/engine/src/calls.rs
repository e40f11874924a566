//! Questions outside of lanes: a judge's. They obey the same pace as the lanes of this worker
//! and go through the same retry loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use contract::ids::WorkspaceId;
use contract::money::Money;
use providers::{Access, Exchange, Provider, Question};
use runtime::clock::SharedClock;
use tokio_util::sync::CancellationToken;

use super::asker::unsent;
use super::attempt::{Attempt, Purse, RetryPolicy, Target, ask_until_settled};
use super::cost::{AskSize, Cost};
use super::pace::{Dispatcher, Lane, LaneKey, Pass};
use super::work::ModelToAsk;
use super::worker::Options;

/// About so many bytes of a question make a token.
const BYTES_A_TOKEN: u64 = 4;
/// Of a limit of tokens a reply uses about so many, however many it may.
const TYPICAL_REPLY: u32 = 4_096;

/// The way to ask beside the lanes of a worker. Cheap to clone.
#[derive(Clone)]
pub struct Calls {
    provider: Arc<dyn Provider>,
    clock: SharedClock,
    dispatcher: Arc<Dispatcher>,
    options: Options,
}

/// How many calls of a model a worker may have in flight, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallLimits {
    /// The window that was learnt of this key and model before.
    pub learnt_window: Option<usize>,
    /// Upper limit with this key, over all its models.
    pub credential: Option<usize>,
}

impl Calls {
    pub(super) const fn new(
        provider: Arc<dyn Provider>,
        clock: SharedClock,
        dispatcher: Arc<Dispatcher>,
        options: Options,
    ) -> Self {
        Self {
            provider,
            clock,
            dispatcher,
            options,
        }
    }

    /// The way to ask for a host that has no worker.
    pub fn alone(provider: Arc<dyn Provider>, clock: SharedClock) -> Self {
        let options = Options::default();
        let dispatcher = Dispatcher::new(options.capacity, options.retry.longest_wait);
        Self::new(provider, clock, dispatcher, options)
    }

    /// The same way, with other rules for retries: somebody waits for the answer.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.options.retry = retry;
        self
    }

    /// By which calls are stamped.
    pub const fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// How failures are retried.
    pub const fn retry(&self) -> &RetryPolicy {
        &self.options.retry
    }

    /// How long calls in flight are waited for when the host goes down.
    pub const fn drain(&self) -> std::time::Duration {
        self.options.drain
    }

    /// A way to one model with one key.
    pub fn line(
        &self,
        workspace: WorkspaceId,
        model: &ModelToAsk,
        access: Access,
        limits: CallLimits,
    ) -> Line {
        let pass = self.dispatcher.join(Lane {
            key: LaneKey {
                workspace,
                provider: model.provider,
                model: model.id,
            },
            first_window: limits.learnt_window.unwrap_or(self.options.first_window),
            max_in_flight: model.max_in_flight,
            credential_limit: limits.credential.unwrap_or(self.options.credential_limit),
        });
        Line {
            calls: self.clone(),
            access,
            pass,
        }
    }
}

/// A way to one model with one key; its pace is shared with the lanes of that key.
pub struct Line {
    calls: Calls,
    access: Access,
    pass: Pass,
}

/// What bounds the cost of a call: beside the question the model reads instructions and form.
pub fn call_size(question: &Question) -> AskSize {
    let instructions = question.instructions.as_deref().map_or(0, str::len);
    let form = question
        .form
        .as_ref()
        .map_or(0, |form| form.schema.to_string().len());
    AskSize {
        question_bytes: question.text.len() + instructions + form,
        max_output_tokens: question.max_output_tokens,
        web_search: question.web_search,
    }
}

/// What became of a call.
#[derive(Clone, Debug)]
pub struct Called {
    /// Every attempt, the first first.
    pub attempts: Vec<Attempt>,
    /// The last exchange.
    pub exchange: Exchange,
    /// What was set aside in all, the first attempt's worst case included.
    pub reserved: Money,
}

/// Where the money for further attempts at a call comes from.
#[async_trait]
pub trait CallPurse: Send + Sync {
    /// Sets money aside for one more attempt. Whether the budget had it.
    async fn reserve(&self, amount: Money) -> bool;
}

struct Counting<'a> {
    purse: &'a dyn CallPurse,
    reserved: AtomicI64,
}

#[async_trait]
impl Purse for Counting<'_> {
    async fn reserve(&self, amount: Money) -> bool {
        let has_it = self.purse.reserve(amount).await;
        if has_it {
            self.reserved.fetch_add(amount.nanos(), Ordering::Relaxed);
        }
        has_it
    }
}

impl Line {
    /// Asks until an answer comes or another attempt makes no sense. `worst_case` is set aside
    /// already; more comes from `purse`. Once `settle` is cancelled no attempt begins any more.
    pub async fn ask(
        &self,
        question: &Question,
        worst_case: Cost,
        purse: &dyn CallPurse,
        settle: &CancellationToken,
    ) -> Called {
        let bytes = u64::try_from(question.text.len()).unwrap_or(u64::MAX);
        let reply = question.max_output_tokens.min(TYPICAL_REPLY);
        let tokens = (bytes / BYTES_A_TOKEN).saturating_add(u64::from(reply));
        let purse = Counting {
            purse,
            reserved: AtomicI64::new(worst_case.amount.nanos()),
        };
        let permit = tokio::select! {
            permit = self.pass.acquire(tokens) => permit,
            () = settle.cancelled() => {
                return Called {
                    attempts: Vec::new(),
                    exchange: unsent(),
                    reserved: worst_case.amount,
                };
            }
        };
        let target = Target {
            provider: self.calls.provider.as_ref(),
            access: &self.access,
            clock: self.calls.clock.as_ref(),
            pass: &self.pass,
            purse: &purse,
            worst_case,
            tokens,
        };
        let asking = ask_until_settled(target, question, &self.calls.options.retry, settle, permit);
        let (attempts, exchange) = asking.await;
        Called {
            attempts,
            exchange,
            reserved: Money::from_nanos(purse.reserved.into_inner()),
        }
    }
}
