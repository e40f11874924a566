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
}
