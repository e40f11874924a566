//! The overview of a project: a sentence, what changed, key figures, a chart and tables.

pub mod chart;
pub mod state;

#[cfg(feature = "csr")]
pub mod beneath;
#[cfg(feature = "csr")]
pub mod cards;
#[cfg(feature = "csr")]
pub mod fold;
#[cfg(feature = "csr")]
pub mod headline;
#[cfg(feature = "csr")]
pub mod models;
#[cfg(feature = "csr")]
pub mod more;
#[cfg(feature = "csr")]
pub mod named;
#[cfg(feature = "csr")]
pub mod names_beside;
#[cfg(feature = "csr")]
pub mod prompts;
#[cfg(feature = "csr")]
pub mod view;

#[cfg(feature = "csr")]
pub use view::Overview;
