//! The door of sign-ups: which way somebody comes in. Looked at before a password is hashed,
//! which costs; the transaction that makes the account looks again.

use app::model::account::{SignUp, SignUpPolicy};
use app::texts::errors;

use crate::auth::set_up::WrongCode;
use crate::mail;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::{Entrance, OPEN_SIGN_UP, SignUpError};

impl From<SignUpError> for ServiceError {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Closed => Self::Conflict(errors::SIGN_UP_CLOSED),
            SignUpError::SetUpCode => Self::Field("set_up_code", errors::SET_UP_CODE),
            SignUpError::Invitation => Self::Conflict(errors::INVITATION),
            SignUpError::InvitationAddress => Self::Field("email", errors::INVITATION_ADDRESS),
            SignUpError::EmailTaken => Self::Field("email", errors::EMAIL_TAKEN),
            SignUpError::Store(error) => error.into(),
        }
    }
}

impl Services {
    /// Who may make an account now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn sign_up_policy(&self) -> ServiceResult<SignUpPolicy> {
        let store = &self.host.store;
        Ok(if store.count_users().await? == 0 {
            match self.host.set_up.code() {
                Some(_) => SignUpPolicy::FirstUserByCode,
                None => SignUpPolicy::FirstUser,
            }
        } else if store.setting(OPEN_SIGN_UP).await?.as_deref() == Some("true") {
            SignUpPolicy::Open
        } else {
            SignUpPolicy::InvitationOnly
        })
    }

    /// The way in for a sign-up whose fields are clean, and whether it makes the first account of
    /// all, which is an admin.
    ///
    /// # Errors
    /// The door is closed, the invitation or the set-up code is wrong, the address has an
    /// account or cannot be written to.
    pub(super) async fn entrance(&self, draft: &SignUp) -> ServiceResult<(Entrance, bool)> {
        check_mailable(&draft.email)?;
        let store = &self.host.store;
        let invitation = draft.invitation.as_deref().unwrap_or_default();
        let entrance = if invitation.is_empty() {
            let may_be_first = self.host.set_up.code().is_none();
            let is_first = store.count_users().await? == 0;
            if is_first && !may_be_first {
                self.check_set_up_code(draft.set_up_code.as_deref().unwrap_or_default())?;
            }
            Entrance::Open {
                may_be_first: may_be_first || is_first,
            }
        } else {
            Entrance::Invitation(self.host.tokens.hash(invitation))
        };
        let is_first = store.may_sign_up(&draft.email, &entrance).await?;
        Ok((entrance, is_first))
    }

    fn check_set_up_code(&self, typed: &str) -> ServiceResult<()> {
        self.host
            .set_up
            .check(typed, &self.address)
            .map_err(|refusal| {
                tracing::warn!(
                    client.address = self.whole_address,
                    ?refusal,
                    "wrong set-up code"
                );
                match refusal {
                    WrongCode::Wrong => SignUpError::SetUpCode.into(),
                    WrongCode::TooMany(seconds) => ServiceError::TooManySignIns(seconds),
                }
            })
    }
}

/// Mails must be able to reach an account.
pub(super) fn check_mailable(email: &str) -> ServiceResult<()> {
    if mail::is_address(email) {
        Ok(())
    } else {
        Err(ServiceError::Field("email", errors::EMAIL))
    }
}
