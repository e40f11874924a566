//! Invitations: links by which one person can make an account.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::account::InvitationLink;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait InvitationsPort {
    /// Makes an invitation link (admins).
    async fn invite(&self) -> Result<InvitationLink, ApiError>;
}

/// Makes an invitation link (admins).
#[server(name = InviteCall, prefix = "/api/fn", endpoint = "accounts/invite", protocol = Call)]
pub async fn invite() -> Result<InvitationLink, ApiError> {
    super::ports()?.invite().await
}
