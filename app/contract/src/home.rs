//! The first page: what needs somebody, what the month costs, what comes next, and the projects.

use chrono::{DateTime, NaiveDate, Utc};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::ProjectId;
use super::overview::HomeRow;
use super::run::RunStatus;
use super::spend::{Account, Estimate};

/// Days that the rows are over, the last of them today; they are compared with as many before.
pub const HOME_DAYS: u32 = 30;
/// Runs that are said to come next.
pub const NEXT_RUNS: usize = 2;

/// All that the first page shows.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct HomeView {
    /// Today, in the workspace's time zone.
    pub today: NaiveDate,
    /// The newest of what does not work any more.
    pub needs: Option<Need>,
    /// How many more of these there are.
    pub more_needs: i64,
    /// What this month costs.
    pub month: HomeMonth,
    /// The runs that come next, at most [`NEXT_RUNS`].
    pub next: Vec<NextRun>,
    /// Models that wait for a decision; 0 for who may not decide.
    pub to_review: i64,
    /// The projects, by name.
    pub projects: Vec<HomeProject>,
}

/// Something that does not work any more, in the words of the caller's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Need {
    /// What happened, and what to do.
    pub message: String,
    /// Where that is done: an address of the application.
    pub href: String,
    /// What the link there says.
    pub label: String,
}

/// What the present month costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct HomeMonth {
    /// The workspace's budget, and what is spent of it.
    pub account: Account,
    /// Percent of the budget at which to warn.
    pub threshold_percent: i64,
    /// What the whole month will cost; `None`: too early to say.
    pub forecast: Option<Estimate>,
}

/// A run that begins by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct NextRun {
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The newest run of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct LastRun {
    /// How far it is.
    pub status: RunStatus,
    /// When it ended, or began where it has not.
    pub at: DateTime<Utc>,
    /// Asks with an outcome.
    pub settled: i64,
    /// Asks in all.
    pub total: i64,
    /// Asks that failed.
    pub failed: i64,
}

/// A project in the list.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a project"
)]
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct HomeProject {
    /// Id.
    pub id: ProjectId,
    /// Name.
    pub name: String,
    /// The brand's first domain, or its name where it has none.
    pub domain: String,
    /// Whether the reader has pinned it.
    pub is_pinned: bool,
    /// Whether runs ask it.
    pub is_active: bool,
    /// Whether it is the demonstration.
    pub is_demo: bool,
    /// Whether its numbers are made of simulated answers.
    pub is_simulated: bool,
    /// The newest run.
    pub last_run: Option<LastRun>,
    /// Its numbers of the last [`HOME_DAYS`] days.
    pub numbers: HomeRow,
}
