//! What a run will cost, and what a month has cost.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ProjectId;
use crate::model::spend::{AskCost, RunForecast, SpendQuery, SpendView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait SpendPort {
    /// What a run of a project would ask, and what it will cost.
    async fn run_forecast(&self, project_id: ProjectId) -> Result<RunForecast, ApiError>;
    /// What one question costs with each available model, about.
    async fn ask_costs(&self, project_id: Option<ProjectId>) -> Result<Vec<AskCost>, ApiError>;
    /// What a month has cost, by day, model and project.
    async fn spend(&self, query: SpendQuery) -> Result<SpendView, ApiError>;
}

/// What a run of a project would ask, and what it will cost.
#[server(name = RunForecastCall, prefix = "/api/fn", endpoint = "runs/forecast", protocol = Call)]
pub async fn run_forecast(project_id: ProjectId) -> Result<RunForecast, ApiError> {
    super::ports()?.run_forecast(project_id).await
}

/// What one question costs with each available model, about; by past answers of the project,
/// where there is one.
#[server(name = AskCostsCall, prefix = "/api/fn", endpoint = "budget/ask-costs", protocol = Read)]
pub async fn ask_costs(project_id: Option<ProjectId>) -> Result<Vec<AskCost>, ApiError> {
    super::ports()?.ask_costs(project_id).await
}

/// What a month has cost, by day, model and project.
#[server(name = SpendCall, prefix = "/api/fn", endpoint = "budget/spend", protocol = Read)]
pub async fn spend(query: SpendQuery) -> Result<SpendView, ApiError> {
    super::ports()?.spend(query).await
}
