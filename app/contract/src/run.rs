//! Runs and their progress.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{LaneId, ModelId, ProjectId, RunId};
use super::metrics::Ratio;
use super::money::{Money, Spend};
use super::outcome::ErrorClass;
use super::provider::Provider;
use crate::words;

words! {
    /// How far a run is.
    RunStatus {
        /// Planned; no lane is claimed yet.
        Queued = "queued",
        /// At least one lane has started.
        Running = "running",
        /// Every ask was answered, and nearly every one with a text.
        Finished = "finished",
        /// Some asks failed, or more than a tenth of a model's answers have no text; the run
        /// says which model's.
        FinishedWithFailures = "finished_with_failures",
        /// Some asks were not sent, the budget was used up.
        OverBudget = "over_budget",
        /// Somebody stopped it.
        Cancelled = "cancelled",
        /// No ask was answered.
        Failed = "failed",
    }
}

impl RunStatus {
    /// Whether nothing more will happen.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

words! {
    /// What started a run.
    Trigger {
        /// A person at the screen.
        Manual = "manual",
        /// The schedule.
        Scheduled = "scheduled",
        /// A program.
        Api = "api",
    }
}

words! {
    /// How far a lane is.
    LaneStatus {
        /// Nobody has claimed it yet.
        Queued = "queued",
        /// A worker holds it.
        Running = "running",
        /// All its asks have an outcome.
        Done = "done",
    }
}

words! {
    /// The state of an ask. Each ask ends in exactly one of the last four.
    AskState {
        /// Not sent yet.
        Waiting = "waiting",
        /// Sent, or about to be.
        Running = "running",
        /// An answer is stored.
        Answered = "answered",
        /// All attempts failed.
        Failed = "failed",
        /// The run was cancelled before it was sent.
        Cancelled = "cancelled",
        /// It did not fit the budget.
        OverBudget = "over_budget",
    }
}

words! {
    /// Where a cost comes from.
    #[derive(Default)]
    CostKind {
        /// The provider said so.
        Reported = "reported",
        /// From tokens and the price row.
        #[default]
        Computed = "computed",
        /// No price is known; the amount means nothing.
        Unpriced = "unpriced",
        /// From tokens and the price row; its searches have no known price, or nobody counted
        /// them, and come on top.
        AtLeast = "at_least",
        /// The worst case of an ask whose outcome was lost.
        WorstCase = "worst_case",
    }
}

impl CostKind {
    /// Whether it cost more than is known.
    pub const fn is_at_least(self) -> bool {
        matches!(self, Self::Unpriced | Self::AtLeast)
    }
}

words! {
    /// What something was paid for. Together they are the ledger.
    #[derive(Default)]
    SpendKind {
        /// Answers that count.
        #[default]
        Answer = "answer",
        /// Answers that do not count: without a visible text, or blocked by a filter of the
        /// provider.
        Filtered = "filtered",
        /// Attempts that brought nothing and may have been billed.
        Lost = "lost",
        /// A judge.
        Judge = "judge",
        /// Suggested questions.
        Suggest = "suggest",
        /// Models that were tried before they became current.
        Trial = "trial",
        /// Past answers, computed again at other prices; may be less than nothing.
        Correction = "correction",
    }
}

impl SpendKind {
    /// Whether it was paid for an ask of a run: what snapshots and metrics hold.
    pub const fn is_of_asks(self) -> bool {
        matches!(
            self,
            Self::Answer | Self::Filtered | Self::Lost | Self::Judge
        )
    }
}

/// A run and the state of its lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Id.
    pub id: RunId,
    /// Its project.
    pub project_id: ProjectId,
    /// How far it is.
    pub status: RunStatus,
    /// What started it.
    pub trigger: Trigger,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When its first lane was claimed.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether somebody asked it to stop.
    pub cancelling: bool,
    /// Its lanes, one a model.
    pub lanes: Vec<LaneView>,
    /// How far a judge is with its answers; `None`: none is asked.
    #[serde(default)]
    pub judge: Option<JudgePassView>,
    /// The run whose failed asks it asks again.
    #[serde(default)]
    pub retry_of: Option<RunId>,
    /// The run that asks its failed asks again.
    #[serde(default)]
    pub retried_by: Option<RunId>,
}

/// Runs of a project, the newest first, from some place on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct RunsPage {
    /// The runs.
    pub runs: Vec<RunView>,
    /// How many the project has.
    pub total: i64,
}

/// What a window asks for that was not told of it: what goes on in the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Lately {
    /// The runs that go on or have just ended, the newest first.
    pub runs: Vec<RunView>,
    /// The notices of late about what does not work any more, and of which nothing was done about
    /// it, the newest first.
    pub needs: Vec<i64>,
}

words! {
    /// How far a judge is with the answers of a run.
    JudgeStatus {
        /// The run is over, no worker has begun.
        Queued = "queued",
        /// Answers are being judged.
        Running = "running",
        /// Every answer was judged, or given up.
        Done = "done",
        /// The budget had nothing for the rest.
        OverBudget = "over_budget",
        /// The judge could not be asked.
        Failed = "failed",
    }
}

impl JudgeStatus {
    /// Whether nothing more will happen.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A judge's work on the answers of a run, after the run is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgePassView {
    /// How far it is.
    pub status: JudgeStatus,
    /// The judge's name for people.
    pub model_name: String,
    /// Answers that name somebody in their text.
    pub total: i64,
    /// Answers judged.
    pub done: i64,
    /// Answers given up: the judge's replies could not be used.
    pub failed: i64,
    /// Cost so far.
    pub cost: Money,
    /// Why it ended early.
    pub end_reason: Option<ErrorClass>,
    /// Calls whose cost is more than is known of it.
    pub unpriced: i64,
    /// The judge's provider.
    pub provider: Provider,
}

/// The asks of a run that go to one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneView {
    /// Id.
    pub id: LaneId,
    /// The model.
    pub model_id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// The model's name for people.
    pub model_name: String,
    /// How far it is.
    pub status: LaneStatus,
    /// Asks in all.
    pub total: i64,
    /// Asks in flight.
    pub running: i64,
    /// Asks answered.
    pub answered: i64,
    /// Of those, answers without a visible text.
    #[serde(default)]
    pub without_text: i64,
    /// Asks that failed.
    pub failed: i64,
    /// Asks not sent: cancelled or over budget.
    pub dropped: i64,
    /// Cost so far; of the simulator, what nobody pays.
    pub cost: Money,
    /// Answers and lost attempts whose cost is more than is known of it.
    pub unpriced: i64,
    /// Why the lane ended early.
    pub end_reason: Option<ErrorClass>,
    /// Why asks failed, the most frequent reason first.
    #[serde(default)]
    pub failures: Vec<AskFailures>,
}

/// Asks of a lane that failed for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskFailures {
    /// The reason.
    pub class: ErrorClass,
    /// How many.
    pub asks: i64,
}

impl LaneView {
    /// Asks with an outcome.
    pub const fn settled(&self) -> i64 {
        self.answered + self.failed + self.dropped
    }

    /// Asks answered with a text.
    pub const fn with_text(&self) -> i64 {
        self.answered - self.without_text
    }

    /// How many of its asks were answered with a text.
    pub const fn completeness(&self) -> Ratio {
        Ratio::new(self.with_text(), self.total)
    }

    /// Whether so many answers have no text that something is wrong: more than a tenth.
    pub const fn lacks_text(&self) -> bool {
        self.without_text.saturating_mul(10) > self.total
    }

    /// Asks not sent yet.
    pub const fn waiting(&self) -> i64 {
        self.total - self.settled() - self.running
    }

    /// What was paid so far.
    pub fn spend(&self) -> Spend {
        paid(self.provider, self.cost, self.unpriced)
    }

    /// What it would have cost, if somebody had to pay the simulator.
    pub fn simulated_cost(&self) -> Money {
        unpaid(self.provider, self.cost)
    }
}

impl JudgePassView {
    /// What was paid so far.
    pub fn spend(&self) -> Spend {
        paid(self.provider, self.cost, self.unpriced)
    }

    /// What it would have cost, if somebody had to pay the simulator.
    pub fn simulated_cost(&self) -> Money {
        unpaid(self.provider, self.cost)
    }
}

/// What was paid of a cost: nothing to the simulator.
fn paid(provider: Provider, cost: Money, unpriced: i64) -> Spend {
    if provider == Provider::Simulator {
        Spend::default()
    } else {
        Spend::new(cost, unpriced)
    }
}

/// The rest of it.
fn unpaid(provider: Provider, cost: Money) -> Money {
    if provider == Provider::Simulator {
        cost
    } else {
        Money::ZERO
    }
}

impl RunView {
    /// Whether nothing more will happen, judging included.
    pub fn is_settled(&self) -> bool {
        self.status.is_over() && self.judge.as_ref().is_none_or(|pass| pass.status.is_over())
    }

    /// Whether some of its asks failed and nobody has had them asked again.
    pub fn can_retry(&self) -> bool {
        self.status.is_over() && self.retried_by.is_none() && self.failed() > 0
    }

    /// Asks in flight.
    pub fn running(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.running).sum()
    }

    /// Asks that were not sent.
    pub fn dropped(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.dropped).sum()
    }

    /// Asks in all.
    pub fn total(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.total).sum()
    }

    /// Asks with an outcome.
    pub fn settled(&self) -> i64 {
        self.lanes.iter().map(LaneView::settled).sum()
    }

    /// Asks answered.
    pub fn answered(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.answered).sum()
    }

    /// Asks answered with a text.
    pub fn with_text(&self) -> i64 {
        self.lanes.iter().map(LaneView::with_text).sum()
    }

    /// Asks answered without one.
    pub fn without_text(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.without_text).sum()
    }

    /// Asks that failed.
    pub fn failed(&self) -> i64 {
        self.lanes.iter().map(|lane| lane.failed).sum()
    }

    /// What was paid for it so far, a judge included: what the ledger says.
    pub fn spend(&self) -> Spend {
        let judge = self.judge.iter().map(JudgePassView::spend);
        self.lanes.iter().map(LaneView::spend).chain(judge).sum()
    }

    /// The amount of [`Self::spend`].
    pub fn cost(&self) -> Money {
        self.spend().amount
    }

    /// What the simulator's answers and judgements would have cost.
    pub fn simulated_cost(&self) -> Money {
        let judge = self.judge.iter().map(JudgePassView::simulated_cost);
        let lanes = self.lanes.iter().map(LaneView::simulated_cost);
        lanes.chain(judge).sum()
    }
}
