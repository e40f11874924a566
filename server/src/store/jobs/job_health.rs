//! The health of the background jobs of all processes, as each process reports it.

use std::collections::BTreeMap;

use app::model::schedule::JobState;
use chrono::{DateTime, TimeDelta, Utc};
use runtime::supervision::JobReport;

use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreResult};

/// A process without a report for so long counts as stopped.
const SILENT: TimeDelta = TimeDelta::seconds(60);
/// A report is kept for so long after its process ended.
const KEPT: TimeDelta = TimeDelta::days(7);

/// A job, over all processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobHealth {
    /// How it goes.
    pub state: JobState,
    /// When it last did what it is for, anywhere.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When it last failed or panicked, anywhere.
    pub last_failure_at: Option<DateTime<Utc>>,
    /// In which words. For whoever looks after the instance, nobody else.
    pub last_failure: Option<String>,
    /// How often it panicked in processes that run.
    pub panics: i64,
    /// How often it was started again there.
    pub restarts: i64,
}

record! {
    /// One process's row.
    struct ProcessReport {
        told_at: DateTime<Utc> = "told_at",
        late_after_seconds: i64 = "late_after_seconds",
        started_at: DateTime<Utc> = "started_at",
        last_success_at: Option<DateTime<Utc>> = "last_success_at",
        last_failure_at: Option<DateTime<Utc>> = "last_failure_at",
        last_failure: Option<String> = "last_failure",
        panics: i64 = "panics",
        restarts: i64 = "restarts",
        is_done: bool = "is_done",
    }
}

record! {
    struct ReportOfJob {
        job: String = "job",
        report: ProcessReport as "",
    }
}

impl ProcessReport {
    fn state(&self, now: DateTime<Utc>) -> JobState {
        let late_after = TimeDelta::try_seconds(self.late_after_seconds).unwrap_or(TimeDelta::MAX);
        let last = self.last_success_at.unwrap_or(self.started_at);
        if self.told_at <= now - SILENT {
            JobState::Stopped
        } else if self.is_done {
            JobState::Done
        } else if now - last > late_after {
            JobState::Late
        } else {
            JobState::Well
        }
    }
}

impl JobHealth {
    fn with(mut self, told: ProcessReport, now: DateTime<Utc>) -> Self {
        let state = told.state(now);
        let rank = |state: JobState| match state {
            JobState::Well => 3,
            JobState::Done => 2,
            JobState::Late => 1,
            JobState::Stopped => 0,
        };
        if rank(state) > rank(self.state) {
            self.state = state;
        }
        self.last_success_at = self.last_success_at.max(told.last_success_at);
        if told.last_failure_at > self.last_failure_at {
            self.last_failure_at = told.last_failure_at;
            self.last_failure = told.last_failure;
        }
        if state != JobState::Stopped {
            self.panics += told.panics;
            self.restarts += told.restarts;
        }
        self
    }

    const fn never_reported() -> Self {
        Self {
            state: JobState::Stopped,
            last_success_at: None,
            last_failure_at: None,
            last_failure: None,
            panics: 0,
            restarts: 0,
        }
    }
}

impl Store {
    /// Keeps how the jobs of a process go, in place of what it told before.
    pub async fn save_job_health(&self, process: &str, jobs: &[JobReport]) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let sql = "DELETE FROM llm_job_health WHERE process = $1 OR told_at < $2";
        rows::execute(&tx, sql, [process.into(), (now - KEPT).into()]).await?;
        let row = |job: &JobReport| {
            new_row! {
                job = job.job,
                process = process,
                late_after_seconds = job.late_after_seconds,
                started_at = job.started_at,
                last_success_at = job.last_success_at,
                last_failure_at = job.last_failure_at,
                last_failure = job.last_failure.clone(),
                panics = job.panics,
                restarts = job.restarts,
                is_done = job.is_done,
                told_at = now,
            }
        };
        let told = jobs.iter().map(row).collect();
        rows::insert_rows(&tx, "llm_job_health", told, "").await?;
        Ok(tx.commit().await?)
    }

    /// How each job goes, by its name.
    pub async fn job_health(&self) -> StoreResult<BTreeMap<String, JobHealth>> {
        let now = self.clock().now();
        let rest = "FROM llm_job_health ORDER BY told_at";
        let told: Vec<ReportOfJob> = rows::select(self.reader(), rest, []).await?;
        let mut jobs = BTreeMap::new();
        for of in told {
            let known = jobs
                .remove(&of.job)
                .unwrap_or_else(JobHealth::never_reported);
            jobs.insert(of.job, known.with(of.report, now));
        }
        Ok(jobs)
    }
}
