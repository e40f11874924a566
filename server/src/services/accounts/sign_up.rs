//! Who is there, and signing up. What people do with an account stands in files of its own:
//! `sign_in`, `sessions`, `passwords`, `access_tokens`, `invitations`.

use app::api::accounts::AccountsPort;
use app::api::error::ApiError;
use app::model::account::{
    ChangePassword, InstanceSettings, NewToken, SessionView, SignIn, SignUp, TokenDraft, TokenView,
};
use app::model::ids::WorkspaceId;
use app::validate;
use async_trait::async_trait;

use crate::auth::{Admin, Caller};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::{NewUser, OPEN_SIGN_UP};

impl Services {
    pub(super) async fn session_view(&self, caller: Option<&Caller>) -> ServiceResult<SessionView> {
        let store = &self.host.store;
        let sign_up = self.sign_up_policy().await?;
        let confirm_address = self.has_to_confirm(caller).await?;
        let workspaces = match caller {
            Some(caller) => store.workspaces_of(caller.user.id).await?,
            None => Vec::new(),
        };
        let needs = match caller {
            Some(caller) => self.needs(caller).await?,
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
            confirm_address,
            today,
            needs,
        })
    }

    async fn make_account(&self, draft: SignUp) -> ServiceResult<SessionView> {
        let draft = validate::sign_up(self.language, &draft)?;
        // Whoever may not come in costs no hash. Whoever learns that an address has an account, or
        // that a password is weak, is counted like those who make one.
        let entered = self.entrance(&draft).await;
        if matches!(entered, Ok(_) | Err(ServiceError::Field(..))) {
            self.count_sign_up(&draft.email).await?;
        }
        let (entrance, is_admin) = entered?;
        self.refuse_weak("password", &draft.password, &draft.email, is_admin)
            .await?;
        let password_hash = self.host.passwords.hash(draft.password).await?;
        let new = NewUser {
            email: draft.email,
            password_hash: password_hash.clone(),
            is_admin: false,
        };
        let (user, _) = self.host.store.create_user(new, entrance).await?;
        tracing::info!(user.id = %user.id, "account created");
        self.note_place(&user).await?;
        self.send_confirmation(user.id).await?;
        self.begin_session(user.id, password_hash).await
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

    async fn confirm_again(&self) -> Result<(), ApiError> {
        self.reply(
            async {
                let by = self.signed_in()?;
                self.send_confirmation_again(by.user).await
            }
            .await,
        )
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
