//! The numbers of a project.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::comparison::{Comparison, ComparisonQuery};
use crate::model::dashboard::{Dashboard, DashboardQuery, PromptMap};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait DashboardPort {
    /// Sums of a project over a period.
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError>;

    /// Visibility by prompt and model over a period.
    async fn prompt_map(&self, query: DashboardQuery) -> Result<PromptMap, ApiError>;

    /// The providers side by side over a period.
    async fn compared(&self, query: ComparisonQuery) -> Result<Comparison, ApiError>;
}

/// Sums of a project over a period.
#[server(name = DashboardCall, prefix = "/api/fn", endpoint = "dashboard/get", protocol = Call)]
pub async fn dashboard(query: DashboardQuery) -> Result<Dashboard, ApiError> {
    super::ports()?.dashboard(query).await
}

/// Visibility by prompt and model over a period.
#[server(name = PromptMapCall, prefix = "/api/fn", endpoint = "dashboard/prompt-map", protocol = Call)]
pub async fn prompt_map(query: DashboardQuery) -> Result<PromptMap, ApiError> {
    super::ports()?.prompt_map(query).await
}

/// The providers side by side over a period.
#[server(name = ComparisonCall, prefix = "/api/fn", endpoint = "dashboard/compare", protocol = Call)]
pub async fn compared(query: ComparisonQuery) -> Result<Comparison, ApiError> {
    super::ports()?.compared(query).await
}
