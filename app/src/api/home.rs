//! The first page, the pins on it, and the demonstration.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::home::HomeView;
use crate::model::ids::ProjectId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait HomePort {
    /// All that the first page shows.
    async fn home(&self) -> Result<HomeView, ApiError>;
    /// Pins a project for the caller, or takes the pin away.
    async fn pin_project(&self, project_id: ProjectId, is_pinned: bool) -> Result<(), ApiError>;
    /// Makes the demonstration of the workspace, or finds it.
    async fn make_demo(&self) -> Result<ProjectId, ApiError>;
    /// Removes it with all that belongs to it; there may be none.
    async fn remove_demo(&self) -> Result<(), ApiError>;
}

/// All that the first page shows.
#[server(name = HomeCall, prefix = "/api/fn", endpoint = "home/get", protocol = Call)]
pub async fn home() -> Result<HomeView, ApiError> {
    super::ports()?.home().await
}

/// Pins a project for the caller, or takes the pin away.
#[server(name = PinProjectCall, prefix = "/api/fn", endpoint = "home/pin", protocol = Call)]
pub async fn pin_project(project_id: ProjectId, is_pinned: bool) -> Result<(), ApiError> {
    super::ports()?.pin_project(project_id, is_pinned).await
}

/// Makes the demonstration of the workspace, or finds it.
#[server(name = MakeDemoCall, prefix = "/api/fn", endpoint = "home/make-demo", protocol = Call)]
pub async fn make_demo() -> Result<ProjectId, ApiError> {
    super::ports()?.make_demo().await
}

/// Removes it with all that belongs to it; there may be none.
#[server(name = RemoveDemoCall, prefix = "/api/fn", endpoint = "home/remove-demo", protocol = Call)]
pub async fn remove_demo() -> Result<(), ApiError> {
    super::ports()?.remove_demo().await
}
