//! Starts what falls due: runs of projects, and the check of models. There is no caller and no
//! user.
//!
//! Invariant: a slot has one run, whoever starts it: this host, another one, or a schedule
//! outside of Parallax. What is missed while no host is up is made up for by one run.

use std::sync::Arc;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::schedule::JobOutcome;
use chrono::{DateTime, Utc};
use providers::Providers;
use runtime::supervision::{Panicked, catch_panic};

use crate::calendar::{self, Schedule, slot_name};
use crate::services::keys::HostKeyRing;
use crate::services::registry::ModelCheck;
use crate::services::runs::{is_any_paid, providers_without_key};
use crate::services::{Host, ServiceError, ServiceResult};
use crate::store::Store;
use crate::store::jobs::{ScheduledProject, Slot, SlotOutcome};
use crate::wake_up::WorkerWaker;

/// Projects that are looked up at a time.
const AT_ONCE: u32 = if cfg!(test) { 2 } else { 50 };

/// What starting that needs of the host.
#[derive(Clone)]
pub struct DueWork {
    /// The database.
    pub store: Store,
    /// The keys of all workspaces.
    pub keys: HostKeyRing,
    /// Wakes the workers.
    pub waker: WorkerWaker,
    /// The way to providers.
    pub providers: Arc<Providers>,
}

/// What became of a project's slot of today.
#[derive(Clone, Debug)]
pub struct Today {
    /// The project.
    pub project: ScheduledProject,
    /// Its run of today, also where it was started before.
    pub run: Option<RunId>,
    /// Why it has none; `None` beside no run: it is not due today.
    pub skipped: Option<JobOutcome>,
}

/// A project with this schedule panics whoever starts it.
#[cfg(test)]
pub(crate) const UNSTARTABLE: &str = "a schedule that panics";

impl From<Panicked> for ServiceError {
    fn from(panic: Panicked) -> Self {
        Self::Internal(panic.to_string())
    }
}

impl From<&Host> for DueWork {
    fn from(host: &Host) -> Self {
        Self {
            store: host.store.clone(),
            keys: host.keys.clone(),
            waker: host.waker.clone(),
            providers: Arc::clone(&host.providers),
        }
    }
}

impl DueWork {
    /// What the check of models needs.
    pub fn model_check(&self) -> ModelCheck {
        ModelCheck {
            store: self.store.clone(),
            keys: self.keys.clone(),
            providers: Arc::clone(&self.providers),
        }
    }

    /// Starts a run of every project that is due. How many slots were dealt with.
    ///
    /// # Errors
    /// The first failure, after all others had their turn: however many projects fail or panic, and
    /// however long they have been due, those behind them are due all the same.
    pub async fn start_due_runs(&self) -> ServiceResult<usize> {
        let (mut fired, mut failed) = (0, None);
        let mut last: Option<ScheduledProject> = None;
        loop {
            let due = self.store.due_projects(last.as_ref(), AT_ONCE).await?;
            for project in &due {
                let starting = catch_panic(self.start_missed_run(project)).await;
                match starting.unwrap_or_else(|panic| Err(panic.into())) {
                    Ok(_) => fired += 1,
                    Err(error) => {
                        let id = project.project.0;
                        tracing::warn!(project = id, %error, "a project's slot was not taken yet");
                        failed = failed.or(Some(error));
                    }
                }
            }
            last = due.into_iter().last();
            if last.is_none() {
                return failed.map_or(Ok(fired), Err);
            }
        }
    }

    /// One run for whatever the project has missed.
    async fn start_missed_run(&self, project: &ScheduledProject) -> ServiceResult<SlotOutcome> {
        #[cfg(test)]
        assert_ne!(project.schedule, UNSTARTABLE, "by a test");
        let now = self.store.clock().now();
        let zone = calendar::time_zone(&project.time_zone);
        let schedule = Schedule::read(&project.schedule).ok();
        let due = schedule
            .as_ref()
            .and_then(|schedule| schedule.last(zone, project.next_slot, now))
            .unwrap_or(project.next_slot);
        let next = schedule.and_then(|schedule| schedule.next(zone, now));
        let mut lines = Vec::new();
        if due > project.next_slot {
            lines.push(format!(
                "No host was up from {} on; this run makes up for all that was missed",
                slot_name(project.next_slot)
            ));
        }
        self.start_slot(Slot {
            project,
            due,
            next,
            lines,
        })
        .await
    }

    /// Starts today's run of every project that is due some time today, whether or not that
    /// moment has come: for schedules outside of Parallax. One that cannot be started is told as
    /// failed, and the others are started all the same.
    pub async fn start_runs_of_today(&self) -> ServiceResult<Vec<Today>> {
        let mut days = Vec::new();
        for project in self.store.scheduled_projects().await? {
            let starting = catch_panic(self.start_run_of_today(&project)).await;
            let day = match starting.unwrap_or_else(|panic| Err(panic.into())) {
                Ok((run, skipped)) => Today {
                    project,
                    run,
                    skipped,
                },
                Err(error) => {
                    let id = project.project.0;
                    tracing::warn!(project = id, %error, "a project's run of today was not started");
                    Today {
                        project,
                        run: None,
                        skipped: Some(JobOutcome::Failed),
                    }
                }
            };
            days.push(day);
        }
        Ok(days)
    }

    /// The run of today, and why there is none; neither: it is not due today.
    async fn start_run_of_today(
        &self,
        project: &ScheduledProject,
    ) -> ServiceResult<(Option<RunId>, Option<JobOutcome>)> {
        #[cfg(test)]
        assert_ne!(project.schedule, UNSTARTABLE, "by a test");
        let now = self.store.clock().now();
        let zone = calendar::time_zone(&project.time_zone);
        let due = Schedule::read(&project.schedule).ok().and_then(|schedule| {
            let due = schedule.of_day(zone, calendar::day(zone, now))?;
            Some((due, schedule))
        });
        let Some((due, schedule)) = due else {
            return Ok((None, None));
        };
        let next = if project.next_slot > due {
            Some(project.next_slot)
        } else {
            schedule.next(zone, now.max(due))
        };
        let slot = Slot {
            project,
            due,
            next,
            lines: vec!["Started from outside".to_owned()],
        };
        Ok(match self.start_slot(slot).await? {
            SlotOutcome::Planned(run) => (Some(run), None),
            SlotOutcome::Taken => (self.run_of(project, due).await?, None),
            SlotOutcome::Skipped(reason) => {
                let run = match reason {
                    JobOutcome::AlreadyRunning => self.run_of(project, due).await?,
                    _ => None,
                };
                (run, Some(reason))
            }
        })
    }

    async fn run_of(
        &self,
        project: &ScheduledProject,
        due: DateTime<Utc>,
    ) -> ServiceResult<Option<RunId>> {
        Ok(self
            .store
            .slot_or_open_run(project.workspace, project.project, &slot_name(due))
            .await?)
    }

    async fn start_slot(&self, mut slot: Slot<'_>) -> ServiceResult<SlotOutcome> {
        let ScheduledProject {
            workspace, project, ..
        } = *slot.project;
        let refusal = self.refusal(workspace, project).await?;
        let fired = match refusal {
            Some((reason, line)) => {
                slot.lines.push(line);
                self.store.skip_slot(&slot, reason).await?
            }
            None => self.store.start_run_of_slot(&slot).await?,
        };
        match fired {
            SlotOutcome::Planned(run) => self.waker.wake_workers(run).await,
            SlotOutcome::Skipped(reason) => tracing::warn!(
                workspace.id = workspace.0,
                project.id = project.0,
                slot = slot_name(slot.due),
                reason = reason.word(),
                "no scheduled run"
            ),
            SlotOutcome::Taken => {}
        }
        Ok(fired)
    }

    /// Why a run of the project would be of no use.
    async fn refusal(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
    ) -> ServiceResult<Option<(JobOutcome, String)>> {
        let models = self
            .store
            .project(workspace, project)
            .await?
            .record
            .model_ids;
        let is_paid = is_any_paid(&self.store, &models).await?;
        let budget = self.store.workspace_budget(workspace).await?;
        if is_paid && budget.is_over() {
            let line = format!(
                "The budget of this month is used up: ${} of ${}",
                budget.spent, budget.monthly
            );
            return Ok(Some((JobOutcome::OverBudget, line)));
        }
        let missing = providers_without_key(&self.store, &self.keys, workspace, &models).await?;
        Ok(missing.map(|missing| {
            let names: Vec<&str> = missing.iter().map(|provider| provider.label()).collect();
            let line = format!("No usable key for {}", names.join(", "));
            (JobOutcome::NoKey, line)
        }))
    }
}
