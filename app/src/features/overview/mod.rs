//! The overview of a project: its numbers as cards, charts and tables.

pub mod chart;
pub mod state;

#[cfg(feature = "csr")]
pub mod cards;
#[cfg(feature = "csr")]
pub mod models;
#[cfg(feature = "csr")]
pub mod moved;
#[cfg(feature = "csr")]
pub mod names_beside;
#[cfg(feature = "csr")]
pub mod prompts;
#[cfg(feature = "csr")]
pub mod view;

#[cfg(feature = "csr")]
pub use view::Overview;
