//! Accounts: signing in and up, the user's own page, the instance.

#[cfg(feature = "csr")]
pub mod page;
pub mod paths;
