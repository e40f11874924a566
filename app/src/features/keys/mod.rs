//! API keys and the budget of a workspace.

#[cfg(feature = "csr")]
pub mod alerts;
#[cfg(feature = "csr")]
pub mod budget;
pub mod chart;
#[cfg(feature = "csr")]
pub mod judge;
#[cfg(feature = "csr")]
pub mod key_row;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod spend;
pub mod state;
