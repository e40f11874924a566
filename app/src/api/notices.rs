//! What people are told without having asked.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::notices::NoticeView;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait NoticesPort {
    /// The newest notices of the workspace, those before them that need somebody, and for admins
    /// those of the instance.
    async fn notices(&self) -> Result<Vec<NoticeView>, ApiError>;
}

/// The newest notices of the workspace, those before them that need somebody, and for admins those of
/// the instance.
#[server(name = NoticesCall, prefix = "/api/fn", endpoint = "notices/list", protocol = Call)]
pub async fn notices() -> Result<Vec<NoticeView>, ApiError> {
    super::ports()?.notices().await
}
