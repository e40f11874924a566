//! Invitations: links by which one person can make an account.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::account::{InvitationDraft, InvitationLink, InvitationView};
use crate::model::ids::InvitationId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait InvitationsPort {
    /// Makes an invitation (admins).
    async fn invite(&self, draft: InvitationDraft) -> Result<InvitationLink, ApiError>;
    /// The invitations to the workspace that work (admins).
    async fn list_invitations(&self) -> Result<Vec<InvitationView>, ApiError>;
    /// Ends an invitation (admins).
    async fn revoke_invitation(&self, invitation_id: InvitationId) -> Result<(), ApiError>;
}

/// Makes an invitation (admins).
#[server(name = InviteCall, prefix = "/api/fn", endpoint = "invitations/make", protocol = Call)]
pub async fn invite(draft: InvitationDraft) -> Result<InvitationLink, ApiError> {
    super::ports()?.invite(draft).await
}

/// The invitations to the workspace that work (admins).
#[server(name = ListInvitationsCall, prefix = "/api/fn", endpoint = "invitations/list", protocol = Read)]
pub async fn list_invitations() -> Result<Vec<InvitationView>, ApiError> {
    super::ports()?.list_invitations().await
}

/// Ends an invitation (admins).
#[server(name = RevokeInvitationCall, prefix = "/api/fn", endpoint = "invitations/revoke", protocol = Call)]
pub async fn revoke_invitation(invitation_id: InvitationId) -> Result<(), ApiError> {
    super::ports()?.revoke_invitation(invitation_id).await
}
