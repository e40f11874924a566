//! Invitations: links by which one person can make an account.

use app::api::error::ApiError;
use app::api::invitations::InvitationsPort;
use app::model::account::InvitationLink;
use async_trait::async_trait;
use chrono::Duration;

use super::{ServiceResult, Services};
use crate::auth::Admin;

const INVITATION_LIFETIME: Duration = Duration::days(7);

impl Services {
    async fn make_invitation(&self, by: Admin) -> ServiceResult<InvitationLink> {
        let fresh = self.host.tokens.fresh("");
        let expires_at = self.host.store.clock().now() + INVITATION_LIFETIME;
        self.host
            .store
            .create_invitation(by.workspace(), by.user(), &fresh.hash, expires_at)
            .await?;
        Ok(InvitationLink {
            path: format!("/sign-up?invitation={}", fresh.token),
            expires_at,
        })
    }
}

#[async_trait]
impl InvitationsPort for Services {
    async fn invite(&self) -> Result<InvitationLink, ApiError> {
        self.reply(async { self.make_invitation(self.admin()?).await }.await)
    }
}
