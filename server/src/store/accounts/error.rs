//! Why somebody could not come in.

use crate::store::StoreError;

/// Why a user could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Sign-ups are closed and there is no invitation.
    #[error("sign-up is closed")]
    Closed,
    /// The first account takes the set-up code, and it was not shown.
    #[error("the first account takes the set-up code: it stands in the log of the start")]
    SetUpCode,
    /// The invitation is unknown, used, revoked or expired, or its maker may not invite any more.
    #[error("the invitation does not work")]
    Invitation,
    /// The invitation is for another address.
    #[error("the invitation is for another address")]
    InvitationAddress,
    /// The address has an account.
    #[error("the address is taken")]
    EmailTaken,
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for SignUpError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}
