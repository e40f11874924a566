//! Accounts: signing in and up, the user's own page, the instance.

#[cfg(feature = "csr")]
mod entrance;
#[cfg(feature = "csr")]
mod instance;
#[cfg(feature = "csr")]
pub mod page;
pub mod paths;
#[cfg(feature = "csr")]
mod tokens;
