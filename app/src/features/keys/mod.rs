//! API keys and the budget of a workspace.

#[cfg(feature = "csr")]
mod budget;
#[cfg(feature = "csr")]
mod key_row;
#[cfg(feature = "csr")]
pub mod page;
pub mod state;
