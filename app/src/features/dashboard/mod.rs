//! The page of a project: its numbers, and around them its answers and runs.

pub mod chart;
pub mod figure;
pub mod format;
pub mod state;

#[cfg(feature = "csr")]
mod cards;
#[cfg(feature = "csr")]
mod charts;
#[cfg(feature = "csr")]
mod filters;
#[cfg(feature = "csr")]
mod head;
#[cfg(feature = "csr")]
mod models;
#[cfg(feature = "csr")]
mod overview;
#[cfg(feature = "csr")]
mod page;
#[cfg(feature = "csr")]
pub mod scope;

#[cfg(feature = "csr")]
pub use page::ProjectPage;
