//! Sessions: beginning, ending, and the workspace that one acts in.

use app::model::account::SessionView;
use app::model::ids::{UserId, WorkspaceId};
use app::texts::errors;
use chrono::Duration;

use crate::auth::{Caller, SignedIn, Via};
use crate::services::{CookieChange, ServiceError, ServiceResult, Services};
use crate::store::StoreError;
use crate::store::accounts::{Proof, SessionTerms};

/// A session ends after this however much it is used.
pub const SESSION_LIFETIME: Duration = Duration::days(90);

/// How long sessions last.
pub(super) const SESSION_TERMS: SessionTerms = SessionTerms {
    unused: Duration::days(30),
    at_most: SESSION_LIFETIME,
    at_most_of_admin: Duration::days(30),
};

impl Services {
    /// Begins a session for a user who has proved a password, unless that is another one by now.
    pub(super) async fn begin_session(
        &self,
        user_id: UserId,
        password_hash: String,
    ) -> ServiceResult<SessionView> {
        let fresh = self.host.tokens.fresh("");
        let store = &self.host.store;
        let proof = Proof::Password(password_hash);
        let begun = store.create_session(user_id, &proof, &fresh.hash, &SESSION_TERMS);
        begun.await.map_err(|error| match error {
            StoreError::NotFound => ServiceError::Refused(errors::NO_WORKSPACE),
            StoreError::Outdated => ServiceError::SignInFailed,
            other => other.into(),
        })?;
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
            .caller_of_session(&hash, &SESSION_TERMS)
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
