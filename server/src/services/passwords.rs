//! Changing a password.

use app::model::account::ChangePassword;
use app::model::validate;
use app::texts::errors;

use super::{ServiceError, ServiceResult, Services};
use crate::auth::SignedIn;

impl Services {
    pub(super) async fn new_password(
        &self,
        by: SignedIn,
        draft: ChangePassword,
    ) -> ServiceResult<()> {
        validate::change_password(self.language, &draft)?;
        let email = self.host.store.user(by.user).await?.view.email;
        if self.prove(&email, draft.current).await?.is_none() {
            return Err(ServiceError::Field("current", errors::PASSWORD_WRONG));
        }
        let hash = self.host.passwords.hash(draft.new).await?;
        Ok(self
            .host
            .store
            .change_password(by.user, hash, by.session.as_deref())
            .await?)
    }
}
