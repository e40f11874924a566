//! The day's runs of all projects, seen to their end: for schedules outside of Parallax.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::run::{RunStatus, RunView};
use app::model::schedule::JobOutcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::due_work::{DueWork, Today};
use crate::services::ServiceResult;
use crate::usd::Usd;

/// How often a run is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What became of a project's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProjectDay {
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub name: String,
    /// Its run of today.
    pub run_id: Option<RunId>,
    /// How that ended, or is getting on.
    pub status: Option<RunStatus>,
    /// Asks of the run.
    pub asks: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Those that failed.
    pub failed: i64,
    /// What they cost, a judge included.
    pub cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    pub cost_is_at_least: bool,
    /// Why there is no run; nothing beside no run: it is not due today.
    pub skipped: Option<JobOutcome>,
}

/// A budget of a workspace that is near its end, or at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BudgetWarning {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// What the month has cost so far.
    pub spent_usd: Usd,
    /// What it may cost.
    pub monthly_usd: Usd,
    /// Nothing is left of it.
    pub is_over: bool,
}

/// The whole day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DailySummary {
    /// The projects that run by themselves.
    pub projects: Vec<ProjectDay>,
    /// Asks of all of them.
    pub asks: i64,
    /// Those that failed.
    pub failures: i64,
    /// What they cost, judges included.
    pub cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    pub cost_is_at_least: bool,
    /// Budgets to look at.
    pub budget_warnings: Vec<BudgetWarning>,
    /// Whether every run is complete, and none was impossible for want of a key or of money.
    pub ok: bool,
}

impl ProjectDay {
    fn new(today: Today, run: Option<RunView>) -> Self {
        let Today {
            project, skipped, ..
        } = today;
        let spend = run.as_ref().map(RunView::spend).unwrap_or_default();
        Self {
            project_id: project.project,
            name: project.name,
            run_id: run.as_ref().map(|run| run.id),
            status: run.as_ref().map(|run| run.status),
            asks: run.as_ref().map_or(0, RunView::total),
            answered: run.as_ref().map_or(0, RunView::answered),
            failed: run.as_ref().map_or(0, RunView::failed),
            cost_usd: Usd(spend.amount),
            cost_is_at_least: spend.is_at_least,
            skipped,
        }
    }

    /// Whether nothing is wrong with it.
    pub fn is_fine(&self) -> bool {
        match (self.status, self.skipped) {
            (Some(RunStatus::Finished | RunStatus::Queued | RunStatus::Running), _) => true,
            (Some(_), _) => false,
            (None, skipped) => !matches!(
                skipped,
                Some(JobOutcome::NoKey | JobOutcome::OverBudget | JobOutcome::Failed)
            ),
        }
    }
}

impl Display for ProjectDay {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, .. } = self;
        match (self.status, self.skipped) {
            (Some(status), _) => write!(
                formatter,
                "{name}: {}, {} asks, {} answered, {} failed, ${}",
                status.word().replace('_', " "),
                self.asks,
                self.answered,
                self.failed,
                self.cost_usd
            ),
            (None, Some(reason)) => write!(
                formatter,
                "{name}: no run, {}",
                match reason {
                    JobOutcome::NoKey => "there is no usable key",
                    JobOutcome::OverBudget => "the budget of this month is used up",
                    JobOutcome::NothingToAsk => "there is nothing to ask",
                    JobOutcome::AlreadyRunning => "it was being run already",
                    JobOutcome::Failed | JobOutcome::Running | JobOutcome::Done => "it failed",
                }
            ),
            (None, None) => write!(formatter, "{name}: not due today"),
        }
    }
}

impl Display for DailySummary {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for project in &self.projects {
            writeln!(formatter, "{project}")?;
        }
        for warning in &self.budget_warnings {
            writeln!(
                formatter,
                "budget of workspace {}: ${} of ${} spent{}",
                warning.workspace_id,
                warning.spent_usd,
                warning.monthly_usd,
                if warning.is_over { ", used up" } else { "" }
            )?;
        }
        write!(
            formatter,
            "{} projects, {} asks, {} failures, ${}",
            self.projects.len(),
            self.asks,
            self.failures,
            self.cost_usd
        )
    }
}

impl DueWork {
    /// Starts the day's runs, and gives what there is to say of them now.
    pub async fn start_day(&self) -> ServiceResult<DailySummary> {
        self.day(false).await
    }

    /// Starts the day's runs, and waits until workers, here or elsewhere, have ended them.
    pub async fn run_day_to_end(&self) -> ServiceResult<DailySummary> {
        self.day(true).await
    }

    async fn day(&self, waits: bool) -> ServiceResult<DailySummary> {
        let mut projects = Vec::new();
        let mut workspaces = BTreeSet::new();
        for today in self.start_runs_of_today().await? {
            workspaces.insert(today.project.workspace);
            let run = match today.run {
                Some(run) => Some(self.run_of_day(today.project.workspace, run, waits).await?),
                None => None,
            };
            projects.push(ProjectDay::new(today, run));
        }
        Ok(DailySummary {
            asks: projects.iter().map(|day| day.asks).sum(),
            failures: projects.iter().map(|day| day.failed).sum(),
            cost_usd: Usd(projects.iter().map(|day| day.cost_usd.0).sum()),
            cost_is_at_least: projects.iter().any(|day| day.cost_is_at_least),
            ok: projects.iter().all(ProjectDay::is_fine),
            budget_warnings: self.budget_warnings(workspaces).await?,
            projects,
        })
    }

    async fn run_of_day(
        &self,
        workspace: WorkspaceId,
        run: RunId,
        waits: bool,
    ) -> ServiceResult<RunView> {
        loop {
            let view = self.store.run(workspace, run).await?;
            if !waits || view.is_settled() {
                return Ok(view);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn budget_warnings(
        &self,
        workspaces: BTreeSet<WorkspaceId>,
    ) -> ServiceResult<Vec<BudgetWarning>> {
        let mut warnings = Vec::new();
        for workspace_id in workspaces {
            let budget = self.store.workspace_budget(workspace_id).await?;
            if budget.is_near() || budget.is_over() {
                warnings.push(BudgetWarning {
                    workspace_id,
                    spent_usd: Usd(budget.spent),
                    monthly_usd: Usd(budget.monthly),
                    is_over: budget.is_over(),
                });
            }
        }
        Ok(warnings)
    }
}
