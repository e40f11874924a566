//! What goes between the engine and the store.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use analysis::citations::Page;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use contract::ids::{AskId, LaneId, ModelId, ProjectId, PromptId, RunId, WorkspaceId};
use contract::money::Money;
use contract::provider::Provider;
use contract::run::RunStatus;
use providers::{ErrorClass, Exchange, Outcome, Usage};

use super::allowance::Terms;
use super::attempt::{self, Attempt};
use super::cost::{AskSize, Cost, Price};
use super::reading::{Read, Reading};

/// A lane as held by one worker. Each new claim has a higher epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneHold {
    /// The lane.
    pub lane: LaneId,
    /// Who holds it.
    pub worker: Arc<str>,
    /// Which claim this is.
    pub epoch: i64,
}

/// What all rows of a lane have in common.
#[derive(Clone, Debug)]
pub struct LaneScope {
    /// The claim.
    pub hold: LaneHold,
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The project.
    pub project: ProjectId,
    /// The run.
    pub run: RunId,
    /// The model.
    pub model: ModelToAsk,
    /// Where a day begins.
    pub time_zone: Tz,
    /// It is asked with the operator's key, of which the workspace may spend only so much.
    pub on_shared_key: bool,
}

impl LaneScope {
    /// Who pays for its asks, and on which accounts that is booked.
    pub const fn payer(&self) -> Payer {
        Payer {
            workspace: self.workspace,
            project: Some(self.project),
            run: Some(self.run),
            model: self.model.id,
            time_zone: self.time_zone,
            is_fiction: matches!(self.model.provider, Provider::Simulator),
            on_shared_key: self.on_shared_key,
        }
    }
}

/// Who pays for something, and on which accounts that is booked.
#[derive(Clone, Copy, Debug)]
pub struct Payer {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The project; `None`: one that is not saved yet.
    pub project: Option<ProjectId>,
    /// The run; `None`: the cost belongs to none.
    pub run: Option<RunId>,
    /// The model that is paid.
    pub model: ModelId,
    /// Where a day begins.
    pub time_zone: Tz,
    /// It is the simulator: nothing is paid, so nothing is set aside and nothing booked.
    pub is_fiction: bool,
    /// It is paid with the operator's key, of which the workspace may spend only so much.
    pub on_shared_key: bool,
}

/// The model of a lane, as the registry had it when the lane was claimed.
#[derive(Clone, Debug)]
pub struct ModelToAsk {
    /// Its row.
    pub id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// The provider's own id.
    pub model_id: String,
    /// Whether it may search the web.
    pub web_search: bool,
    /// Upper limit of an answer's length, in tokens.
    pub max_output_tokens: u32,
    /// Upper limit of asks in flight.
    pub max_in_flight: usize,
    /// All its prices, in the order in which they start.
    pub prices: Vec<Price>,
}

#[cfg(any(test, feature = "testing"))]
impl ModelToAsk {
    /// A model for tests that ask nobody, with the limit of its answers.
    pub fn named(model_id: &str, max_output_tokens: u32) -> Self {
        Self {
            id: ModelId(1),
            provider: Provider::Simulator,
            model_id: model_id.to_owned(),
            web_search: false,
            max_output_tokens,
            max_in_flight: 1,
            prices: Vec::new(),
        }
    }
}

/// How much of a model may be in flight by a route, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteLimits {
    /// The window that was learnt of this key and model before.
    pub learnt_window: Option<usize>,
    /// Upper limit with this key, over all its models; `None`: the default.
    pub credential: Option<usize>,
}

/// A lane that was just claimed, with everything that is needed to work it off.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What all its rows have in common.
    pub scope: LaneScope,
    /// ISO 3166-1 alpha-2 code, upper case, of where the customers are.
    pub country: Option<String>,
    /// How many of its asks may be in flight, as far as that is known.
    pub limits: RouteLimits,
    /// Whether the workspace's owner lets models without a price run.
    pub allow_unpriced: bool,
    /// What is known of the model's prices and answers.
    pub terms: Terms,
    /// The revisions under which its answers are read: the one that is shown, and the one that is
    /// being filled, if there is one.
    pub readings: Vec<Reading>,
    /// Asks that wait, in the order in which they are to be sent.
    pub asks: VecDeque<AskWork>,
    /// Asks that were in flight when the worker before died; they wait again.
    pub lost: usize,
}

/// One ask to be sent.
#[derive(Clone, Debug)]
pub struct AskWork {
    /// The ask.
    pub id: AskId,
    /// Its prompt.
    pub prompt: PromptId,
    /// The question.
    pub text: Arc<str>,
    /// ISO 639-1 code of the language to answer in.
    pub language: Arc<str>,
    /// Attempts of it that were lost with their worker.
    pub lost_before: i64,
}

/// The one outcome of an ask.
#[derive(Clone, Debug)]
pub struct AskOutcome {
    /// The ask.
    pub ask: AskId,
    /// Its prompt.
    pub prompt: PromptId,
    /// ISO 639-1 code of the language that it was asked in.
    pub language: Arc<str>,
    /// Attempts that were lost with their worker, before these.
    pub lost_before: i64,
    /// What was set aside for it.
    pub reserved: Money,
    /// Every HTTP exchange under this claim, the first first.
    pub attempts: Vec<Attempt>,
    /// The last of them.
    pub exchange: Exchange,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// That day in the workspace's time zone.
    pub day: NaiveDate,
    /// What bounded its cost.
    pub size: AskSize,
    /// What it cost; `None` for a failure.
    pub cost: Option<Cost>,
    /// What the answer says, once a revision; a failure says nothing.
    pub reads: Vec<Read>,
    /// The page that each citation of the answer means. They are read where answers are, not where
    /// all wait for what is written.
    pub pages: Vec<Option<Page>>,
}

/// Why a lane ends before all its asks were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneEnd {
    /// The kind of failure that every further ask would meet.
    pub class: ErrorClass,
    /// In words.
    pub message: String,
}

/// An ask that is to be sent next, and what it may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The ask.
    pub ask: AskId,
    /// What is set aside for it.
    pub most: Money,
    /// What has to be there for it in a budget of which nothing else is in flight.
    pub least: Money,
}

impl AskOutcome {
    /// What an answer without text used that another ask followed; it is a part of the usage of
    /// the answer.
    pub fn without_text(&self) -> Option<Usage> {
        attempt::without_text(&self.attempts)
    }

    /// When the attempt was sent that ended it, to the millisecond: by the price of that moment
    /// it is paid. Made from what is kept of an answer, so that it can be found again.
    pub fn sent_at(&self) -> DateTime<Utc> {
        sent_at(self.at, millis(self.exchange.latency))
    }
}

/// When something was sent that came back at `at` after so many milliseconds.
pub fn sent_at(at: DateTime<Utc>, latency_ms: i64) -> DateTime<Utc> {
    at.checked_sub_signed(TimeDelta::milliseconds(
        latency_ms.clamp(0, i64::from(u32::MAX)),
    ))
    .unwrap_or(at)
}

/// What one transaction of a lane writes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batch<'a> {
    /// What has arrived since the last one.
    pub outcomes: &'a [AskOutcome],
    /// The asks that are sent next, marked as running before they are; as many of the first
    /// as the budget has money for.
    pub begin: &'a [Begin],
    /// The first of `begin` is begun, and no other. A budget that has not its `most` needs its
    /// `least`, and nothing else in flight.
    pub alone: bool,
    /// On what terms costs and worst cases were computed; `None`: they are not looked at.
    pub terms: Option<&'a Terms>,
    /// Ends the lane: every ask that waits fails with this.
    pub end: Option<&'a LaneEnd>,
    /// The same batch was handed over before, and the connection broke before it was known
    /// whether it was written.
    pub again: bool,
}

/// What a transaction of a lane found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Why nothing more is to be sent; `Batch::begin` was not begun then.
    pub stopped: Option<Stopped>,
    /// How many of `Batch::begin`, the first first, are marked as running and paid for. Fewer
    /// than all: the rest waits for money that other asks may not use up.
    pub begun: usize,
    /// Whether every ask of the lane has its outcome; the lane is closed and held no more.
    pub lane_done: bool,
    /// The run, where this was its last lane.
    pub run: Option<RunSummary>,
}

/// Why the asks that waited were dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody cancelled the run.
    Cancelled,
    /// The workspace's budget of the month is used up.
    OverBudget,
    /// The lane ended, see [`LaneEnd`].
    Ended,
}

/// What a worker sees when it looks after a lane that it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneState {
    /// Somebody asked the run to stop.
    pub cancelled: bool,
}

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub status: RunStatus,
    /// Asks in all.
    pub asks: i64,
    /// Asks with an answer.
    pub answered: i64,
    /// Asks that failed.
    pub failed: i64,
    /// Asks not sent.
    pub dropped: i64,
    /// What it cost.
    pub cost: Money,
    /// From planning to the last outcome.
    pub duration: Duration,
}

impl RunSummary {
    /// The one line a run leaves in the log.
    pub fn log(&self) {
        tracing::info!(
            run = self.run.0,
            status = self.status.word(),
            asks = self.asks,
            answered = self.answered,
            failures = self.failed,
            dropped = self.dropped,
            cost_usd = %self.cost,
            duration_ms = millis(self.duration),
            "run finished"
        );
    }
}

/// Whether an exchange that ended so counts in `n`, the answers that ratios are made of. A
/// refusal is what the model has to say; a text that is empty and a filter's block say nothing
/// about the model's view of a brand.
pub const fn counts_as_answer(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Answered | Outcome::Truncated | Outcome::Refused => true,
        Outcome::Empty | Outcome::Blocked | Outcome::Failed => false,
    }
}

/// A duration as the whole milliseconds that columns and logs hold.
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
