//! Invitations: links by which one person can make an account.

use app::api::error::ApiError;
use app::api::invitations::InvitationsPort;
use app::model::account::{InvitationDraft, InvitationLink, InvitationView};
use app::model::ids::InvitationId;
use app::texts::errors;
use app::validate;
use async_trait::async_trait;
use chrono::Duration;

use super::entrance::check_mailable;
use crate::auth::Admin;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::NewInvitation;

const INVITATION_LIFETIME: Duration = Duration::days(7);

impl Services {
    async fn make_invitation(
        &self,
        by: Admin,
        draft: &InvitationDraft,
    ) -> ServiceResult<InvitationLink> {
        let email = validate::email(self.language, &draft.email)?;
        check_mailable(&email)?;
        // Nobody gives what they do not have.
        if draft.role > self.caller()?.workspace.role {
            return Err(ServiceError::Field("role", errors::INVITATION_ROLE));
        }
        let store = &self.host.store;
        if store.user_by_email(&email).await?.is_some() {
            return Err(ServiceError::Field("email", errors::EMAIL_TAKEN));
        }
        let fresh = self.host.tokens.fresh("");
        let expires_at = store.clock().now() + INVITATION_LIFETIME;
        let new = NewInvitation {
            workspace: by.workspace(),
            by: by.user(),
            email: &email,
            role: draft.role,
            token_hash: &fresh.hash,
            expires_at,
            letter: self.host.sends_mail.then_some(self.language),
        };
        let id = store.create_invitation(new).await?;
        tracing::info!(
            invitation.id = id,
            user.id = %by.user(),
            role = draft.role.word(),
            "invitation made"
        );
        Ok(InvitationLink {
            id: id.into(),
            path: format!("/sign-up?invitation={}", fresh.token),
            expires_at,
            is_mailed: self.host.sends_mail,
        })
    }

    async fn end_invitation(&self, by: Admin, id: InvitationId) -> ServiceResult<()> {
        self.host
            .store
            .revoke_invitation(by.workspace(), id.0)
            .await?;
        tracing::info!(invitation.id = %id, user.id = %by.user(), "invitation revoked");
        Ok(())
    }
}

#[async_trait]
impl InvitationsPort for Services {
    async fn invite(&self, draft: InvitationDraft) -> Result<InvitationLink, ApiError> {
        self.reply(async { self.make_invitation(self.admin()?, &draft).await }.await)
    }

    async fn list_invitations(&self) -> Result<Vec<InvitationView>, ApiError> {
        self.reply(
            async {
                let workspace = self.admin()?.workspace();
                Ok(self.host.store.invitations(workspace).await?)
            }
            .await,
        )
    }

    async fn revoke_invitation(&self, invitation_id: InvitationId) -> Result<(), ApiError> {
        self.reply(async { self.end_invitation(self.admin()?, invitation_id).await }.await)
    }
}
