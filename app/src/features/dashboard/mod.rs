//! The page of a project: its numbers, and around them its answers and runs.

pub mod chart;
pub mod figure;
pub mod format;
pub mod grid;
pub mod state;

#[cfg(feature = "csr")]
pub mod beside;
#[cfg(feature = "csr")]
pub mod cards;
#[cfg(feature = "csr")]
pub mod charts;
#[cfg(feature = "csr")]
pub mod compare;
#[cfg(feature = "csr")]
pub mod filters;
#[cfg(feature = "csr")]
pub mod head;
#[cfg(feature = "csr")]
pub mod left_out;
#[cfg(feature = "csr")]
pub mod models;
#[cfg(feature = "csr")]
pub mod moved;
#[cfg(feature = "csr")]
pub mod overview;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod prompts;
#[cfg(feature = "csr")]
pub mod scope;

#[cfg(feature = "csr")]
pub use page::ProjectPage;
