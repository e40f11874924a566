//! What pages show, saved under a name.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::{ProjectId, SavedViewId};
use crate::model::views::{SavedView, SavedViewChange, SavedViewDraft, ViewPlace};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ViewsPort {
    /// The caller's views of a page and those that others share, each by the alphabet.
    async fn saved_views(
        &self,
        place: ViewPlace,
        project_id: Option<ProjectId>,
    ) -> Result<Vec<SavedView>, ApiError>;
    /// Saves a view of the caller's own.
    async fn save_view(&self, draft: SavedViewDraft) -> Result<SavedView, ApiError>;
    /// Changes a view.
    async fn change_view(
        &self,
        view_id: SavedViewId,
        change: SavedViewChange,
    ) -> Result<SavedView, ApiError>;
    /// Removes a view.
    async fn remove_view(&self, view_id: SavedViewId) -> Result<(), ApiError>;
}

/// The caller's views of a page and those that others share, each by the alphabet.
#[server(name = SavedViewsCall, prefix = "/api/fn", endpoint = "views/list", protocol = Read)]
pub async fn saved_views(
    place: ViewPlace,
    project_id: Option<ProjectId>,
) -> Result<Vec<SavedView>, ApiError> {
    super::ports()?.saved_views(place, project_id).await
}

/// Saves a view of the caller's own.
#[server(name = SaveViewCall, prefix = "/api/fn", endpoint = "views/save", protocol = Call)]
pub async fn save_view(draft: SavedViewDraft) -> Result<SavedView, ApiError> {
    super::ports()?.save_view(draft).await
}

/// Changes a view.
#[server(name = ChangeViewCall, prefix = "/api/fn", endpoint = "views/update", protocol = Call)]
pub async fn change_view(
    view_id: SavedViewId,
    change: SavedViewChange,
) -> Result<SavedView, ApiError> {
    super::ports()?.change_view(view_id, change).await
}

/// Removes a view.
#[server(name = RemoveViewCall, prefix = "/api/fn", endpoint = "views/remove", protocol = Call)]
pub async fn remove_view(view_id: SavedViewId) -> Result<(), ApiError> {
    super::ports()?.remove_view(view_id).await
}
