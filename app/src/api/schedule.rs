//! What happens by itself: when, and what became of it.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ProjectId;
use crate::model::schedule::{JobEntry, ScheduleView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait SchedulePort {
    /// All jobs of the workspace, and for admins those of the instance.
    async fn schedule(&self) -> Result<ScheduleView, ApiError>;
    /// One job with its last times: a project's, or (admins) the look at models.
    async fn job(&self, project_id: Option<ProjectId>) -> Result<JobEntry, ApiError>;
    /// Changes the workspace's time zone (owners).
    async fn save_time_zone(&self, time_zone: String) -> Result<ScheduleView, ApiError>;
    /// The next moments at which an expression would fall due.
    async fn preview_schedule(
        &self,
        schedule: String,
    ) -> Result<Vec<chrono::DateTime<chrono::Utc>>, ApiError>;
}

/// All jobs of the workspace, and for admins those of the instance.
#[server(name = ScheduleCall, prefix = "/api/fn", endpoint = "schedule/get", protocol = Read)]
pub async fn schedule() -> Result<ScheduleView, ApiError> {
    super::ports()?.schedule().await
}

/// One job with its last times: a project's, or (admins) the look at models.
#[server(name = JobCall, prefix = "/api/fn", endpoint = "schedule/job", protocol = Read)]
pub async fn job(project_id: Option<ProjectId>) -> Result<JobEntry, ApiError> {
    super::ports()?.job(project_id).await
}

/// Changes the workspace's time zone (owners).
#[server(name = SaveTimeZoneCall, prefix = "/api/fn", endpoint = "schedule/save-time-zone", protocol = Call)]
pub async fn save_time_zone(time_zone: String) -> Result<ScheduleView, ApiError> {
    super::ports()?.save_time_zone(time_zone).await
}

/// The next moments at which an expression would fall due.
#[server(name = PreviewScheduleCall, prefix = "/api/fn", endpoint = "schedule/preview", protocol = Read)]
pub async fn preview_schedule(
    schedule: String,
) -> Result<Vec<chrono::DateTime<chrono::Utc>>, ApiError> {
    super::ports()?.preview_schedule(schedule).await
}
