//! Signing in.

use app::model::account::{SessionView, SignIn};

use super::attempts::lookup_form;
use super::{ServiceError, ServiceResult, Services};

impl Services {
    pub(super) async fn check_sign_in(&self, draft: SignIn) -> ServiceResult<SessionView> {
        let email = lookup_form(&draft.email);
        let row = self
            .prove(&email, draft.password)
            .await?
            .ok_or(ServiceError::SignInFailed)?;
        self.begin_session(row.view.id).await
    }
}
