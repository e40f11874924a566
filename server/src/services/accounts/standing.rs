//! Whether callers still may what they began: what takes long asks again.

use std::time::Duration;

use app::api::error::ApiError;
use tokio::time::Instant;

use super::sessions::SESSION_TERMS;
use crate::auth::{Caller, Via};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::StoreError;
use crate::store::accounts::TokenOwner;

/// A caller is looked up again at most this often, however many pieces a reply has.
const LOOK_EVERY: Duration = Duration::from_secs(2);

impl Services {
    /// Whether the caller is still who they were: the token holds, the session has not ended, the
    /// user is still a member of the workspace. For everything that takes long; cheap to call.
    ///
    /// # Errors
    /// They are not any more.
    pub async fn check_still_allowed(&self) -> Result<(), ApiError> {
        if !self.is_look_due() {
            return Ok(());
        }
        self.reply(self.look_up_again().await)
    }

    fn is_look_due(&self) -> bool {
        let now = Instant::now();
        let mut effects = self.lock_effects();
        let is_due = now.duration_since(effects.looked_at) >= LOOK_EVERY;
        if is_due {
            effects.looked_at = now;
        }
        is_due
    }

    async fn look_up_again(&self) -> ServiceResult<()> {
        let Caller {
            user,
            workspace,
            via,
        } = self.caller()?;
        let store = &self.host.store;
        let found = match via {
            Via::Session(hash) => store.caller_of_session(hash, &SESSION_TERMS).await?,
            Via::Token { id, .. } => match store.caller_of_token_id(*id).await? {
                TokenOwner::Caller { row, .. } => Some(row),
                TokenOwner::Nobody | TokenOwner::Revoked | TokenOwner::Expired => None,
            },
        };
        let Some(row) = found.filter(|row| row.user.id == user.id) else {
            return Err(ServiceError::Unauthorized);
        };
        if row.workspace.id == workspace.id {
            return Ok(());
        }
        // The session went on to another workspace, in another tab.
        match store.workspace_of(user.id, workspace.id).await {
            Err(StoreError::NotFound) => Err(ServiceError::Unauthorized),
            outcome => Ok(outcome.map(|_| ())?),
        }
    }
}
