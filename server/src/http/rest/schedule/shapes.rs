//! Jobs, their times and what they said, as they are shown.

use app::api::schedule::SchedulePort;
use app::model::ids::{ProjectId, RunId};
use app::model::run::RunStatus;
use app::model::schedule::{JobEntry, JobKind, JobOutcome, JobView, ScheduleView};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::Page;
use crate::http::rest::reply::{Reply, success};
use crate::services::Services;

/// A line that a job said.
#[derive(Serialize, ToSchema)]
struct JobLine {
    at: DateTime<Utc>,
    is_warning: bool,
    text: String,
}

/// One time that a job fell due.
#[derive(Serialize, ToSchema)]
struct JobTime {
    due_at: DateTime<Utc>,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    outcome: JobOutcome,
    /// The run that it started.
    run_id: Option<RunId>,
    run_status: Option<RunStatus>,
    log: Vec<JobLine>,
}

impl From<JobView> for JobTime {
    fn from(view: JobView) -> Self {
        let line = |(at, is_warning, text)| JobLine {
            at,
            is_warning,
            text,
        };
        Self {
            due_at: view.due_at,
            started_at: view.started_at,
            finished_at: view.finished_at,
            outcome: view.outcome,
            run_id: view.run.map(|(run, _)| run),
            run_status: view.run.map(|(_, status)| status),
            log: view.lines.into_iter().map(line).collect(),
        }
    }
}

/// A job.
#[derive(Serialize, ToSchema)]
struct Job {
    kind: JobKind,
    /// Nothing: the job is the instance's.
    project_id: Option<ProjectId>,
    project_name: Option<String>,
    /// Cron expression in the workspace's time zone; empty: only by hand.
    schedule: String,
    /// When it falls due next; nothing: never by itself.
    next_at: Option<DateTime<Utc>>,
    /// The last time that it fell due.
    last: Option<JobTime>,
}

impl Job {
    /// The job, and all of its last times.
    fn of(entry: JobEntry) -> (Self, Vec<JobTime>) {
        let (project_id, project_name) = entry.project.unzip();
        let job = Self {
            kind: entry.kind,
            project_id,
            project_name,
            schedule: entry.schedule,
            next_at: entry.next_at,
            last: entry.last.first().cloned().map(JobTime::from),
        };
        (job, entry.last.into_iter().map(JobTime::from).collect())
    }
}

/// What happens by itself.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Schedule {
    /// IANA name.
    time_zone: String,
    /// Projects by name, then the instance's.
    jobs: Vec<Job>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

pub(super) fn listed(view: ScheduleView, page: Page) -> Schedule {
    let total = view.jobs.len();
    let (jobs, next_cursor) = page.cut(view.jobs);
    Schedule {
        time_zone: view.time_zone,
        jobs: jobs.into_iter().map(|entry| Job::of(entry).0).collect(),
        total,
        next_cursor,
    }
}

/// A job and its times.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct JobReply {
    job: Job,
    /// The last of them, the newest first.
    times: Vec<JobTime>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

pub(super) async fn job(
    services: Services,
    project: Option<ProjectId>,
    page: Page,
) -> Reply<JobReply> {
    let (job, times) = Job::of(services.job(project).await?);
    let total = times.len();
    let (times, next_cursor) = page.cut(times);
    Ok(success(JobReply {
        job,
        times,
        total,
        next_cursor,
    }))
}
