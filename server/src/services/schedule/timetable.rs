//! What happens by itself in a workspace: when, and what became of it.

use app::api::error::ApiError;
use app::api::schedule::SchedulePort;
use app::model::ids::ProjectId;
use app::model::schedule::{JobEntry, JobKind, ScheduleView};
use app::texts::errors;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::auth::Viewer;
use crate::calendar::{LEAST_MINUTES, Schedule, ScheduleError};
use crate::services::registry::{MODEL_CHECK, next_model_check};
use crate::services::{ServiceError, ServiceResult, Services};

/// Times of a job that its page shows.
const TIMES: u32 = 60;
/// Moments that a preview tells.
const PREVIEWED: usize = 3;

impl Services {
    /// The expression, if it ever falls due and not too often.
    pub(in crate::services) fn check_schedule(&self, expression: &str) -> ServiceResult<()> {
        if expression.is_empty() {
            return Ok(());
        }
        self.parse_schedule(expression).map(drop)
    }

    fn parse_schedule(&self, expression: &str) -> ServiceResult<Schedule> {
        let now = self.host.store.clock().now();
        Schedule::parse(expression, self.caller()?.time_zone(), now).map_err(|error| match error {
            ScheduleError::Unreadable => ServiceError::Field("schedule", errors::SCHEDULE),
            ScheduleError::Never => ServiceError::Field("schedule", errors::SCHEDULE_NEVER),
            ScheduleError::TooOften => ServiceError::Invalid(vec![app::api::error::FieldError {
                field: "schedule".to_owned(),
                message: errors::SCHEDULE_TOO_OFTEN
                    .fill(self.language, &[("minutes", &LEAST_MINUTES)]),
            }]),
        })
    }

    async fn jobs_of(&self, by: Viewer) -> ServiceResult<ScheduleView> {
        let store = &self.host.store;
        let mut last = store.last_jobs(by.workspace()).await?;
        let rows = store.project_rows(by.workspace()).await?;
        let ids: Vec<ProjectId> = rows.iter().map(|row| ProjectId(row.id)).collect();
        let newest = store.latest_runs(by.workspace(), &ids).await?;
        let mut jobs = Vec::new();
        for row in rows {
            let id = ProjectId(row.id);
            let run = newest.get(&id);
            jobs.push(JobEntry {
                kind: JobKind::Run,
                project: Some((id, row.name)),
                schedule: row.schedule,
                next_at: row.next_slot_at,
                last: last.remove(&id).into_iter().collect(),
                newest_run: run.map(|run| (run.id, run.created_at, run.status)),
            });
        }
        if self.caller()?.user.is_admin {
            jobs.push(self.model_job(1).await?);
        }
        Ok(ScheduleView {
            time_zone: store.time_zone(by.workspace()).await?,
            time_zones: self.owner().map(|_| time_zones()).unwrap_or_default(),
            jobs,
        })
    }

    async fn model_job(&self, times: u32) -> ServiceResult<JobEntry> {
        let store = &self.host.store;
        Ok(JobEntry {
            kind: JobKind::Models,
            project: None,
            schedule: MODEL_CHECK.to_owned(),
            next_at: next_model_check(store.clock().now()),
            last: store.instance_jobs(JobKind::Models, times).await?,
            newest_run: None,
        })
    }

    async fn job_of(&self, by: Viewer, project_id: ProjectId) -> ServiceResult<JobEntry> {
        let store = &self.host.store;
        let project = store.project(by.workspace(), project_id).await?.record;
        Ok(JobEntry {
            kind: JobKind::Run,
            project: Some((project_id, project.name)),
            schedule: project.schedule,
            next_at: project.next_run_at,
            last: store
                .jobs_of_project(by.workspace(), project_id, TIMES)
                .await?,
            newest_run: None,
        })
    }
}

/// Those that people know: by place, and UTC.
fn time_zones() -> Vec<String> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| *name == "UTC" || (name.contains('/') && !name.starts_with("Etc/")))
        .map(str::to_owned)
        .collect()
}

#[async_trait]
impl SchedulePort for Services {
    async fn schedule(&self) -> Result<ScheduleView, ApiError> {
        self.reply(async { self.jobs_of(self.viewer()?).await }.await)
    }

    async fn job(&self, project_id: Option<ProjectId>) -> Result<JobEntry, ApiError> {
        self.reply(
            async {
                if let Some(project_id) = project_id {
                    return self.job_of(self.viewer()?, project_id).await;
                }
                self.admin()?;
                self.model_job(TIMES).await
            }
            .await,
        )
    }

    async fn save_time_zone(&self, time_zone: String) -> Result<ScheduleView, ApiError> {
        self.reply(
            async {
                let by = self.owner()?;
                let zone: Tz = time_zone
                    .trim()
                    .parse()
                    .map_err(|_| ServiceError::Field("time_zone", errors::TIME_ZONE))?;
                self.host
                    .store
                    .save_time_zone(by.workspace(), zone.name())
                    .await?;
                self.jobs_of(by.into()).await
            }
            .await,
        )
    }

    async fn preview_schedule(&self, schedule: String) -> Result<Vec<DateTime<Utc>>, ApiError> {
        self.reply(
            async {
                self.viewer()?;
                let zone = self.caller()?.time_zone();
                let schedule = self.parse_schedule(&schedule)?;
                let first = self.host.store.clock().now();
                let moments = std::iter::successors(schedule.next(zone, first), |before| {
                    schedule.next(zone, *before)
                });
                Ok(moments.take(PREVIEWED).collect())
            }
            .await,
        )
    }
}
