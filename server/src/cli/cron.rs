//! `parallax cron daily`: the day's runs of all projects, for platforms that bring their own
//! schedule.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::run::{RunStatus, RunView};

use super::serve::stop_signal;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::engine::{Options, calendar};
use crate::jobs::Bell;
use crate::store::runs::PlanError;
use crate::store::{Store, StoreError};

/// How often a run is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Why the day's runs could not be seen to their end.
#[derive(Debug, thiserror::Error)]
pub enum CronError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody asked the process to end.
    #[error("stopped before all runs were over; other workers go on, or the next call does")]
    Stopped,
    /// A run lacks answers.
    #[error("{0} of {1} runs are not complete")]
    Incomplete(usize, usize),
}

/// What became of a project's day.
struct Day {
    project: String,
    /// `None`: there is nothing to ask.
    run: Option<RunView>,
}

impl Day {
    fn is_complete(&self) -> bool {
        self.run
            .as_ref()
            .is_none_or(|run| run.status == RunStatus::Finished)
    }
}

impl Display for Day {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { project, run } = self;
        match run {
            None => write!(formatter, "{project}: nothing to ask"),
            Some(run) => write!(
                formatter,
                "{project}: {}, {} asks, {} answered, {} failed, ${}",
                run.status.word().replace('_', " "),
                run.total(),
                run.answered(),
                run.failed(),
                run.cost()
            ),
        }
    }
}

/// Plans today's run of every active project, unless it was planned already, works until all
/// of them are over, and prints what became of them, one line a project.
///
/// Errors: [`CronError::Incomplete`] where an ask has no answer.
pub async fn daily(config: Config) -> Result<(), CronError> {
    let stop = stop_signal();
    let days = bootstrap::with_worker(config, Options::default(), async |store, bell, _| {
        tokio::select! {
            days = days(store, bell) => days,
            () = stop => Err(CronError::Stopped),
        }
    })
    .await??;
    print(&days);
    let incomplete = days.iter().filter(|day| !day.is_complete()).count();
    if incomplete > 0 {
        return Err(CronError::Incomplete(incomplete, days.len()));
    }
    Ok(())
}

async fn days(store: &Store, bell: &Bell) -> Result<Vec<Day>, CronError> {
    let mut planned = Vec::new();
    for scheduled in store.scheduled_projects().await? {
        let zone = calendar::time_zone(&scheduled.time_zone);
        let slot = format!("daily {}", calendar::day(zone, store.clock().now()));
        let run = plan(store, bell, scheduled.workspace, scheduled.project, &slot).await?;
        planned.push((scheduled, run));
    }
    let mut days = Vec::with_capacity(planned.len());
    for (scheduled, run) in planned {
        let run = match run {
            Some(run) => Some(over(store, scheduled.workspace, run).await?),
            None => None,
        };
        days.push(Day {
            project: scheduled.name,
            run,
        });
    }
    Ok(days)
}

/// The run of the slot: a new one, or that which another process planned. A run that is under
/// way for another reason will do for today.
async fn plan(
    store: &Store,
    bell: &Bell,
    workspace: WorkspaceId,
    project: ProjectId,
    slot: &str,
) -> Result<Option<RunId>, CronError> {
    match store.plan_slot(workspace, project, slot).await {
        Ok(run) => {
            bell.ring(run).await;
            Ok(Some(run))
        }
        Err(PlanError::SlotTaken | PlanError::AlreadyRunning) => {
            Ok(store.slot_or_open_run(workspace, project, slot).await?)
        }
        Err(PlanError::NothingToAsk) => Ok(None),
        Err(PlanError::Store(error)) => Err(error.into()),
    }
}

async fn over(store: &Store, workspace: WorkspaceId, run: RunId) -> Result<RunView, CronError> {
    loop {
        let view = store.run(workspace, run).await?;
        if view.is_settled() {
            return Ok(view);
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[expect(clippy::print_stdout, reason = "the summary is for whoever called")]
fn print(days: &[Day]) {
    for day in days {
        println!("{day}");
    }
}
