//! Accounts: who is there, signing in and out, tokens.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::account::{
    ChangePassword, InstanceSettings, NewToken, SessionView, SignIn, SignUp, TokenScope, TokenView,
};
#[cfg(feature = "ssr")]
use crate::model::account::{TokenDraft, TokenTerm};
use crate::model::ids::WorkspaceId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait AccountsPort {
    /// Who is there.
    async fn session(&self) -> Result<SessionView, ApiError>;
    /// Creates an account and signs it in.
    async fn sign_up(&self, draft: SignUp) -> Result<SessionView, ApiError>;
    /// Signs in.
    async fn sign_in(&self, draft: SignIn) -> Result<SessionView, ApiError>;
    /// Ends this session.
    async fn sign_out(&self) -> Result<(), ApiError>;
    /// Sends the user the letter again by which they confirm their address.
    async fn confirm_again(&self) -> Result<(), ApiError>;
    /// Changes the password and ends all other sessions of the user.
    async fn change_password(&self, draft: ChangePassword) -> Result<(), ApiError>;
    /// Chooses the workspace that this session acts in.
    async fn choose_workspace(&self, workspace_id: WorkspaceId) -> Result<SessionView, ApiError>;
    /// What holds for the whole instance (admins).
    async fn instance_settings(&self) -> Result<InstanceSettings, ApiError>;
    /// Changes what holds for the whole instance (admins).
    async fn save_instance_settings(
        &self,
        settings: InstanceSettings,
    ) -> Result<InstanceSettings, ApiError>;
    /// The user's REST tokens for this workspace.
    async fn list_tokens(&self) -> Result<Vec<TokenView>, ApiError>;
    /// Makes a REST token that acts for the user in this workspace.
    async fn create_token(&self, draft: TokenDraft) -> Result<NewToken, ApiError>;
    /// Ends a REST token.
    async fn revoke_token(&self, token_id: i64) -> Result<(), ApiError>;
}

/// Who is there.
#[server(name = SessionCall, prefix = "/api/fn", endpoint = "accounts/session", protocol = Call)]
pub async fn session() -> Result<SessionView, ApiError> {
    super::ports()?.session().await
}

/// Creates an account and signs it in.
#[server(name = SignUpCall, prefix = "/api/fn", endpoint = "accounts/sign-up", protocol = Call)]
pub async fn sign_up(draft: SignUp) -> Result<SessionView, ApiError> {
    super::ports()?.sign_up(draft).await
}

/// Signs in.
#[server(name = SignInCall, prefix = "/api/fn", endpoint = "accounts/sign-in", protocol = Call)]
pub async fn sign_in(draft: SignIn) -> Result<SessionView, ApiError> {
    super::ports()?.sign_in(draft).await
}

/// Ends this session.
#[server(name = SignOutCall, prefix = "/api/fn", endpoint = "accounts/sign-out", protocol = Call)]
pub async fn sign_out() -> Result<(), ApiError> {
    super::ports()?.sign_out().await
}

/// Sends the user the letter again by which they confirm their address.
#[server(name = ConfirmAgainCall, prefix = "/api/fn", endpoint = "accounts/confirm-again", protocol = Call)]
pub async fn confirm_again() -> Result<(), ApiError> {
    super::ports()?.confirm_again().await
}

/// Changes the password and ends all other sessions of the user.
#[server(name = ChangePasswordCall, prefix = "/api/fn", endpoint = "accounts/change-password", protocol = Call)]
pub async fn change_password(draft: ChangePassword) -> Result<(), ApiError> {
    super::ports()?.change_password(draft).await
}

/// Chooses the workspace that this session acts in.
#[server(name = ChooseWorkspaceCall, prefix = "/api/fn", endpoint = "accounts/choose-workspace", protocol = Call)]
pub async fn choose_workspace(workspace_id: WorkspaceId) -> Result<SessionView, ApiError> {
    super::ports()?.choose_workspace(workspace_id).await
}

/// What holds for the whole instance (admins).
#[server(name = InstanceSettingsCall, prefix = "/api/fn", endpoint = "accounts/settings", protocol = Read)]
pub async fn instance_settings() -> Result<InstanceSettings, ApiError> {
    super::ports()?.instance_settings().await
}

/// Changes what holds for the whole instance (admins).
#[server(name = SaveInstanceSettingsCall, prefix = "/api/fn", endpoint = "accounts/save-settings", protocol = Call)]
pub async fn save_instance_settings(
    settings: InstanceSettings,
) -> Result<InstanceSettings, ApiError> {
    super::ports()?.save_instance_settings(settings).await
}

/// The user's REST tokens for this workspace.
#[server(name = ListTokensCall, prefix = "/api/fn", endpoint = "accounts/tokens", protocol = Read)]
pub async fn list_tokens() -> Result<Vec<TokenView>, ApiError> {
    super::ports()?.list_tokens().await
}

/// Makes a REST token that acts for the user in this workspace; without a number of days it
/// lasts as long as is usual.
#[server(name = CreateTokenCall, prefix = "/api/fn", endpoint = "accounts/create-token", protocol = Call)]
pub async fn create_token(
    name: String,
    #[server(default)] scope: TokenScope,
    #[server(default)] days: Option<i64>,
    #[server(default)] password: Option<String>,
) -> Result<NewToken, ApiError> {
    let draft = TokenDraft {
        name,
        scope,
        term: days.map_or(TokenTerm::Usual, TokenTerm::Days),
        password,
    };
    super::ports()?.create_token(draft).await
}

/// Ends a REST token.
#[server(name = RevokeTokenCall, prefix = "/api/fn", endpoint = "accounts/revoke-token", protocol = Call)]
pub async fn revoke_token(token_id: i64) -> Result<(), ApiError> {
    super::ports()?.revoke_token(token_id).await
}
