//! Accounts: signing in and up, the user's own page, the instance.

#[cfg(feature = "csr")]
mod action_table;
#[cfg(feature = "csr")]
pub mod confirm;
#[cfg(feature = "csr")]
pub mod deleted;
#[cfg(feature = "csr")]
pub mod entrance;
#[cfg(feature = "csr")]
pub mod instance;
#[cfg(feature = "csr")]
pub mod invitations;
#[cfg(feature = "csr")]
pub mod page;
pub mod paths;
#[cfg(feature = "csr")]
pub mod tokens;
