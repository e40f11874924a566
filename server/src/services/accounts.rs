//! Who is there; signing up, in and out; REST tokens.

use app::api::accounts::AccountsPort;
use app::api::error::ApiError;
use app::model::account::{
    ChangePassword, InstanceSettings, NewToken, SessionView, SignIn, SignUp, SignUpPolicy,
    TokenDraft, TokenView,
};
use app::model::ids::{UserId, WorkspaceId};
use app::model::validate;
use app::texts::errors;
use async_trait::async_trait;
use chrono::Duration;

use super::{CookieChange, ServiceError, ServiceResult, Services};
use crate::auth::tokens::TOKEN_PREFIX;
use crate::auth::{Admin, Caller, SignedIn, Via};
use crate::store::accounts::{Entrance, NewUser, SignUpError};
use crate::store::sessions;
use crate::store::settings::OPEN_SIGN_UP;

/// A session that is not used for this long ends.
pub const SESSION_LIFETIME: Duration = Duration::days(30);
/// Failed sign-ins per address and account within the window.
const SIGN_IN_LIMIT: usize = 10;
const SIGN_IN_WINDOW: Duration = Duration::minutes(15);
const TOKEN_NAME: (usize, usize) = (1, 100);
/// Days that a token may last, if it ends at all.
const TOKEN_DAYS: (i64, i64) = (1, 3_650);
/// Characters of the longest address.
const EMAIL_CHARACTERS: usize = 254;

impl Services {
    async fn session_view(&self, caller: Option<&Caller>) -> ServiceResult<SessionView> {
        let store = &self.host.store;
        let sign_up = if store.count_users().await? == 0 {
            SignUpPolicy::FirstUser
        } else if store.setting(OPEN_SIGN_UP).await?.as_deref() == Some("true") {
            SignUpPolicy::Open
        } else {
            SignUpPolicy::InvitationOnly
        };
        let workspaces = match caller {
            Some(caller) => store.workspaces_of(caller.user.id).await?,
            None => Vec::new(),
        };
        let now = store.clock().now();
        let today = caller.map_or_else(
            || now.date_naive(),
            |caller| now.with_timezone(&caller.time_zone()).date_naive(),
        );
        Ok(SessionView {
            user: caller.map(|caller| caller.user.clone()),
            workspaces,
            workspace: caller.map(|caller| caller.workspace.clone()),
            sign_up,
            today,
        })
    }

    async fn begin_session(&self, user_id: UserId) -> ServiceResult<SessionView> {
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
    async fn note_language(&self, user_id: UserId) -> ServiceResult<()> {
        Ok(self
            .host
            .store
            .save_language(user_id, self.language)
            .await?)
    }

    async fn view_of_session(&self, hash: String) -> ServiceResult<SessionView> {
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

    async fn make_account(&self, draft: SignUp) -> ServiceResult<SessionView> {
        let draft = validate::sign_up(self.language, &draft)?;
        let entrance = match draft
            .invitation
            .as_deref()
            .filter(|token| !token.is_empty())
        {
            Some(token) => Entrance::Invitation(self.host.tokens.hash(token)),
            None => Entrance::Open,
        };
        let password_hash = self.host.passwords.hash(draft.password).await?;
        let new = NewUser {
            email: draft.email,
            password_hash,
            is_admin: false,
        };
        let made = self.host.store.create_user(new, entrance).await;
        let (user, _) = made.map_err(|error| match error {
            SignUpError::Closed => ServiceError::Conflict(errors::SIGN_UP_CLOSED),
            SignUpError::Invitation => ServiceError::Conflict(errors::INVITATION),
            SignUpError::EmailTaken => ServiceError::Field("email", errors::EMAIL_TAKEN),
            SignUpError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %user.id, "account created");
        self.begin_session(user.id).await
    }

    async fn check_sign_in(&self, draft: SignIn) -> ServiceResult<SessionView> {
        let store = &self.host.store;
        let email = lookup_form(&draft.email);
        let since = store.clock().now() - SIGN_IN_WINDOW;
        let failures = store.sign_in_failures(&email, &self.address, since).await?;
        if let Some(first) = failures.first().filter(|_| failures.len() >= SIGN_IN_LIMIT) {
            let seconds = (*first - since).num_seconds().max(1).unsigned_abs();
            return Err(ServiceError::TooManySignIns(seconds));
        }
        let known = store.user_by_email(&email).await?;
        let hash = known.as_ref().map(|row| row.password_hash.clone());
        // More than this no account has; hashing it would only cost time.
        let is_plausible = draft.password.chars().count() <= validate::PASSWORD.1;
        let password = if is_plausible {
            draft.password
        } else {
            String::new()
        };
        let matches = self.host.passwords.matches(password, hash).await?;
        if let Some(row) = known.filter(|_| matches && is_plausible) {
            store.forget_sign_in_failures(&email, &self.address).await?;
            self.begin_session(row.view.id).await
        } else {
            store
                .note_sign_in_failure(&email, &self.address, since)
                .await?;
            Err(ServiceError::SignInFailed)
        }
    }

    async fn end_session(&self) -> ServiceResult<()> {
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

    async fn new_password(&self, by: SignedIn, draft: ChangePassword) -> ServiceResult<()> {
        validate::change_password(self.language, &draft)?;
        let row = self.host.store.user(by.user).await?;
        if !self
            .host
            .passwords
            .matches(draft.current, Some(row.password_hash))
            .await?
        {
            return Err(ServiceError::Field("current", errors::PASSWORD_WRONG));
        }
        let hash = self.host.passwords.hash(draft.new).await?;
        Ok(self
            .host
            .store
            .change_password(by.user, hash, by.session.as_deref())
            .await?)
    }

    async fn move_to_workspace(
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

    async fn settings(&self, _by: Admin) -> ServiceResult<InstanceSettings> {
        let open = self.host.store.setting(OPEN_SIGN_UP).await?;
        Ok(InstanceSettings {
            open_sign_up: open.as_deref() == Some("true"),
        })
    }

    async fn change_settings(
        &self,
        by: Admin,
        settings: InstanceSettings,
    ) -> ServiceResult<InstanceSettings> {
        let value = if settings.open_sign_up {
            "true"
        } else {
            "false"
        };
        self.host.store.save_setting(OPEN_SIGN_UP, value).await?;
        self.settings(by).await
    }

    async fn make_token(
        &self,
        by: SignedIn,
        draft: &TokenDraft,
    ) -> ServiceResult<(String, TokenView)> {
        let mut check = validate::Check::new(self.language);
        let name = check.line("name", &draft.name, TOKEN_NAME);
        let (min, max) = TOKEN_DAYS;
        if draft.days.is_some_and(|days| !(min..=max).contains(&days)) {
            check.wrong(
                "days",
                errors::NUMBER_RANGE,
                &[("min", &min), ("max", &max)],
            );
        }
        let name = check.done(name)?;
        let store = &self.host.store;
        let fresh = self.host.tokens.fresh(TOKEN_PREFIX);
        let new = sessions::NewToken {
            name: &name,
            hash: &fresh.hash,
            scope: draft.scope,
            expires_at: draft
                .days
                .map(|days| store.clock().now() + Duration::days(days)),
        };
        let view = store.create_token(by.user, by.workspace, new).await?;
        Ok((fresh.token, view))
    }

    /// Makes a REST token; gives it, the only time it is shown, and how lists show it.
    pub async fn create_scoped_token(
        &self,
        draft: TokenDraft,
    ) -> Result<(String, TokenView), ApiError> {
        self.reply(async { self.make_token(self.signed_in()?, &draft).await }.await)
    }
}

/// What an account is looked up by and failures are counted for. No account's address is longer
/// or holds control characters, which PostgreSQL would refuse to compare with.
fn lookup_form(email: &str) -> String {
    let visible = |character: &char| !character.is_control();
    validate::normal_email(email)
        .chars()
        .filter(visible)
        .take(EMAIL_CHARACTERS)
        .collect()
}

#[async_trait]
impl AccountsPort for Services {
    async fn session(&self) -> Result<SessionView, ApiError> {
        self.reply(
            async {
                if let Some(caller) = &self.caller {
                    self.note_language(caller.user.id).await?;
                }
                self.session_view(self.caller.as_ref()).await
            }
            .await,
        )
    }

    async fn sign_up(&self, draft: SignUp) -> Result<SessionView, ApiError> {
        self.reply(self.make_account(draft).await)
    }

    async fn sign_in(&self, draft: SignIn) -> Result<SessionView, ApiError> {
        self.reply(self.check_sign_in(draft).await)
    }

    async fn sign_out(&self) -> Result<(), ApiError> {
        self.reply(self.end_session().await)
    }

    async fn change_password(&self, draft: ChangePassword) -> Result<(), ApiError> {
        self.reply(async { self.new_password(self.signed_in()?, draft).await }.await)
    }

    async fn choose_workspace(&self, workspace_id: WorkspaceId) -> Result<SessionView, ApiError> {
        self.reply(
            async {
                self.move_to_workspace(self.signed_in()?, workspace_id)
                    .await
            }
            .await,
        )
    }

    async fn instance_settings(&self) -> Result<InstanceSettings, ApiError> {
        self.reply(async { self.settings(self.admin()?).await }.await)
    }

    async fn save_instance_settings(
        &self,
        settings: InstanceSettings,
    ) -> Result<InstanceSettings, ApiError> {
        self.reply(async { self.change_settings(self.admin()?, settings).await }.await)
    }

    async fn list_tokens(&self) -> Result<Vec<TokenView>, ApiError> {
        self.reply(
            async {
                let by = self.signed_in()?;
                Ok(self.host.store.tokens_of(by.user, by.workspace).await?)
            }
            .await,
        )
    }

    async fn create_token(&self, draft: TokenDraft) -> Result<NewToken, ApiError> {
        let (token, _) = self.create_scoped_token(draft).await?;
        Ok(NewToken { token })
    }

    async fn revoke_token(&self, token_id: i64) -> Result<(), ApiError> {
        self.reply(
            async {
                let by = self.signed_in()?;
                Ok(self
                    .host
                    .store
                    .revoke_token(by.user, by.workspace, token_id)
                    .await?)
            }
            .await,
        )
    }
}
