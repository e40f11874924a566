//! The numbers of a project.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::error::ApiError;
use crate::model::dashboard::{Dashboard, DashboardQuery};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait DashboardPort {
    /// Sums of a project over a period.
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError>;
}

/// Sums of a project over a period.
#[server(name = DashboardCall, prefix = "/api/fn", endpoint = "dashboard/get", input = Json, output = Json)]
pub async fn dashboard(query: DashboardQuery) -> Result<Dashboard, ApiError> {
    super::ports()?.dashboard(query).await
}
