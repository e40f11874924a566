//! What people are told without having asked.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ProjectId;
use crate::model::notices::{NoticeKind, NoticeMute, NoticeView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait NoticesPort {
    /// The newest notices of the workspace, those before them that need somebody, and for admins
    /// those of the instance.
    async fn notices(&self) -> Result<Vec<NoticeView>, ApiError>;
    /// What the caller has muted in the workspace.
    async fn notice_mutes(&self) -> Result<Vec<NoticeMute>, ApiError>;
    /// Mutes a kind of notices for the caller, of a project or of all, or takes that back; gives what
    /// is muted then.
    async fn mute_notices(
        &self,
        kind: NoticeKind,
        project_id: Option<ProjectId>,
        is_muted: bool,
    ) -> Result<Vec<NoticeMute>, ApiError>;
}

/// The newest notices of the workspace, those before them that need somebody, and for admins those of
/// the instance.
#[server(name = NoticesCall, prefix = "/api/fn", endpoint = "notices/list", protocol = Read)]
pub async fn notices() -> Result<Vec<NoticeView>, ApiError> {
    super::ports()?.notices().await
}

/// What the caller has muted in the workspace.
#[server(name = NoticeMutesCall, prefix = "/api/fn", endpoint = "notices/mutes", protocol = Read)]
pub async fn notice_mutes() -> Result<Vec<NoticeMute>, ApiError> {
    super::ports()?.notice_mutes().await
}

/// Mutes a kind of notices for the caller, of a project or of all, or takes that back; gives what is
/// muted then.
#[server(name = MuteNoticesCall, prefix = "/api/fn", endpoint = "notices/mute", protocol = Call)]
pub async fn mute_notices(
    kind: NoticeKind,
    project_id: Option<ProjectId>,
    is_muted: bool,
) -> Result<Vec<NoticeMute>, ApiError> {
    super::ports()?
        .mute_notices(kind, project_id, is_muted)
        .await
}
