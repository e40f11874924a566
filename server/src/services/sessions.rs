//! Sessions: beginning, ending, and the workspace that one acts in.

use app::model::account::SessionView;
use app::model::ids::{UserId, WorkspaceId};
use chrono::Duration;

use super::{CookieChange, ServiceError, ServiceResult, Services};
use crate::auth::{Caller, SignedIn, Via};

/// A session that is not used for this long ends.
pub const SESSION_LIFETIME: Duration = Duration::days(30);

impl Services {
    pub(super) async fn begin_session(&self, user_id: UserId) -> ServiceResult<SessionView> {
        let fresh = self.host.tokens.fresh("");
        self.host
            .store
            .create_session(user_id, &fresh.hash, SESSION_LIFETIME)
            .await?;
        self.change_cookie(CookieChange::Set(fresh.token));
        self.note_language(user_id).await?;
        self.view_of_session(fresh.hash).await
    }

    /// Mails are in the language in which the user last looked at the screen.
    pub(super) async fn note_language(&self, user_id: UserId) -> ServiceResult<()> {
        Ok(self
            .host
            .store
            .save_language(user_id, self.language)
            .await?)
    }

    pub(super) async fn view_of_session(&self, hash: String) -> ServiceResult<SessionView> {
        let row = self
            .host
            .store
            .caller_of_session(&hash, SESSION_LIFETIME)
            .await?
            .ok_or(ServiceError::Unauthorized)?;
        let caller = Caller {
            user: row.user,
            workspace: row.workspace,
            via: Via::Session(hash),
        };
        self.session_view(Some(&caller)).await
    }

    pub(super) async fn end_session(&self) -> ServiceResult<()> {
        if let Some(Caller {
            via: Via::Session(hash),
            ..
        }) = &self.caller
        {
            self.host.store.delete_session(hash).await?;
        }
        self.change_cookie(CookieChange::Clear);
        Ok(())
    }

    pub(super) async fn move_to_workspace(
        &self,
        by: SignedIn,
        workspace_id: WorkspaceId,
    ) -> ServiceResult<SessionView> {
        let hash = by.session.ok_or(ServiceError::Forbidden)?;
        self.host
            .store
            .choose_workspace(&hash, by.user, workspace_id)
            .await?;
        self.view_of_session(hash).await
    }
}
