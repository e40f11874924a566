//! What can go wrong in the registry.

use crate::store::StoreError;

/// Why a row of the registry could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The only current model of its provider cannot stop being it.
    #[error("another model must become current first")]
    LastCurrent,
    /// A current model is available and has a price.
    #[error("a current model is available and priced")]
    CurrentNeedsPrice,
    /// Its provider has taken it away.
    #[error("its provider has taken the model away")]
    HasEnded,
    /// What an admin approves has a price.
    #[error("an approved model has a price")]
    ApprovalNeedsPrice,
    /// A first price needs both amounts.
    #[error("a first price needs input and output")]
    IncompletePrice,
    /// What long asks cost needs a threshold and both amounts.
    #[error("a price for long asks needs a threshold, input and output")]
    IncompleteTier,
    /// The price that was shown does not hold any more.
    #[error("another price holds by now")]
    PriceMoved,
    /// The provider and id are there already.
    #[error("the model is there already")]
    AlreadyThere,
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for RegistryError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}
