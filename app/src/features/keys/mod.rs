//! API keys and the budget of a workspace.

#[cfg(feature = "csr")]
pub mod budget;
#[cfg(feature = "csr")]
pub mod key_row;
#[cfg(feature = "csr")]
pub mod page;
pub mod state;
