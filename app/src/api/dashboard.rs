//! The numbers of a project.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::dashboard::{Dashboard, DashboardQuery};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait DashboardPort {
    /// Sums of a project over a period.
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError>;
}

/// Sums of a project over a period.
#[server(name = DashboardCall, prefix = "/api/fn", endpoint = "dashboard/get", protocol = Call)]
pub async fn dashboard(query: DashboardQuery) -> Result<Dashboard, ApiError> {
    super::ports()?.dashboard(query).await
}
