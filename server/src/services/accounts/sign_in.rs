//! Signing in.

use app::model::account::{SessionView, SignIn};
use app::texts::errors;

use super::attempts::lookup_form;
use crate::services::{ServiceError, ServiceResult, Services};

impl Services {
    /// The reason why somebody may not sign in is given only after the right password.
    pub(super) async fn check_sign_in(&self, draft: SignIn) -> ServiceResult<SessionView> {
        let email = lookup_form(&draft.email);
        let row = self
            .verify_password(&email, draft.password)
            .await?
            .ok_or(ServiceError::SignInFailed)?;
        if row.is_disabled {
            return Err(ServiceError::Refused(errors::ACCOUNT_DISABLED));
        }
        let now = self.host.store.clock().now();
        if row.password_ends_at.is_some_and(|end| end <= now) {
            return Err(ServiceError::Refused(errors::PASSWORD_ENDED));
        }
        self.begin_session(row.view.id, row.password_hash).await
    }
}
