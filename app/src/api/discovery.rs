//! Names that stand beside the brand: adopted as competitors, or dismissed.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::discovery::DiscoveryView;
use crate::model::ids::ProjectId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait DiscoveryPort {
    /// The names that stand beside the brand of a project.
    async fn discovered(&self, project_id: ProjectId) -> Result<DiscoveryView, ApiError>;
    /// Makes a name a competitor; answers are read again for it.
    async fn adopt_name(
        &self,
        project_id: ProjectId,
        name: String,
    ) -> Result<DiscoveryView, ApiError>;
    /// Shows a name no more, or again.
    async fn dismiss_name(
        &self,
        project_id: ProjectId,
        name: String,
        is_dismissed: bool,
    ) -> Result<DiscoveryView, ApiError>;
}

/// The names that stand beside the brand of a project.
#[server(name = DiscoveredCall, prefix = "/api/fn", endpoint = "discovery/get", protocol = Call)]
pub async fn discovered(project_id: ProjectId) -> Result<DiscoveryView, ApiError> {
    super::ports()?.discovered(project_id).await
}

/// Makes a name a competitor; answers are read again for it.
#[server(name = AdoptNameCall, prefix = "/api/fn", endpoint = "discovery/adopt", protocol = Call)]
pub async fn adopt_name(project_id: ProjectId, name: String) -> Result<DiscoveryView, ApiError> {
    super::ports()?.adopt_name(project_id, name).await
}

/// Shows a name no more, or again.
#[server(name = DismissNameCall, prefix = "/api/fn", endpoint = "discovery/dismiss", protocol = Call)]
pub async fn dismiss_name(
    project_id: ProjectId,
    name: String,
    is_dismissed: bool,
) -> Result<DiscoveryView, ApiError> {
    super::ports()?
        .dismiss_name(project_id, name, is_dismissed)
        .await
}
