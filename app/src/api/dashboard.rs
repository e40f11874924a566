//! The numbers of a project.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::comparison::{Comparison, ComparisonQuery};
use crate::model::dashboard::{Dashboard, DashboardQuery, PromptMap};
use crate::model::ids::ProjectId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait DashboardPort {
    /// Sums of a project over a period.
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError>;

    /// Visibility by prompt and model over a period.
    async fn prompt_map(&self, query: DashboardQuery) -> Result<PromptMap, ApiError>;

    /// The days on which a project has answers, the earliest first.
    async fn answer_days(&self, project_id: ProjectId) -> Result<Vec<NaiveDate>, ApiError>;

    /// The providers side by side over a period.
    async fn compared(&self, query: ComparisonQuery) -> Result<Comparison, ApiError>;
}

/// Sums of a project over a period.
#[server(name = DashboardCall, prefix = "/api/fn", endpoint = "dashboard/get", protocol = Read)]
pub async fn dashboard(query: DashboardQuery) -> Result<Dashboard, ApiError> {
    super::ports()?.dashboard(query).await
}

/// Visibility by prompt and model over a period.
#[server(name = PromptMapCall, prefix = "/api/fn", endpoint = "dashboard/prompt-map", protocol = Call)]
pub async fn prompt_map(query: DashboardQuery) -> Result<PromptMap, ApiError> {
    super::ports()?.prompt_map(query).await
}

/// The days on which a project has answers, the earliest first.
#[server(name = AnswerDaysCall, prefix = "/api/fn", endpoint = "dashboard/days", protocol = Read)]
pub async fn answer_days(project_id: ProjectId) -> Result<Vec<NaiveDate>, ApiError> {
    super::ports()?.answer_days(project_id).await
}

/// The providers side by side over a period.
#[server(name = ComparisonCall, prefix = "/api/fn", endpoint = "dashboard/compare", protocol = Read)]
pub async fn compared(query: ComparisonQuery) -> Result<Comparison, ApiError> {
    super::ports()?.compared(query).await
}
