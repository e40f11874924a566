//! Showing that an address is one's own, by a link that was sent there.

use app::model::ids::UserId;
use app::texts::errors;

use crate::auth::Caller;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::Confirmation;

impl Services {
    /// Whether the caller is to confirm their address. Where no mail leaves, nobody can.
    pub(super) async fn has_to_confirm(&self, caller: Option<&Caller>) -> ServiceResult<bool> {
        let Some(caller) = caller.filter(|_| self.host.sends_mail) else {
            return Ok(false);
        };
        Ok(!self.host.store.is_confirmed(caller.user.id).await?)
    }

    /// Writes the letter to a user who has just come in, if they need one.
    pub(super) async fn send_confirmation(&self, user: UserId) -> ServiceResult<()> {
        if self.host.sends_mail {
            let store = &self.host.store;
            store.ask_confirmation(user, self.language).await?;
        }
        Ok(())
    }

    /// Sends the caller the letter again.
    pub(super) async fn send_confirmation_again(&self, user: UserId) -> ServiceResult<()> {
        if !self.host.sends_mail {
            return Err(ServiceError::Conflict(errors::NO_MAIL));
        }
        match self
            .host
            .store
            .ask_confirmation(user, self.language)
            .await?
        {
            Confirmation::Written | Confirmation::NotNeeded => Ok(()),
            Confirmation::TooMany(seconds) => Err(ServiceError::Busy(seconds)),
        }
    }

    /// The address that a link would confirm; `None`: it does not work. Nobody has to be signed
    /// in: who holds the token was sent it.
    pub async fn look_at_confirmation(&self, token: &str) -> ServiceResult<Option<String>> {
        let hash = self.host.tokens.hash(token);
        Ok(self.host.store.address_to_confirm(&hash).await?)
    }

    /// Confirms the address that a link is for; gives whether it did.
    pub async fn follow_confirmation(&self, token: &str) -> ServiceResult<bool> {
        let hash = self.host.tokens.hash(token);
        let Some(user) = self.host.store.confirm_address(&hash).await? else {
            return Ok(false);
        };
        tracing::info!(user.id = %user, "address confirmed");
        Ok(true)
    }
}
