//! Sources: the domains and pages that answers cite, and who cites them.

#[cfg(feature = "csr")]
pub mod list;
#[cfg(feature = "csr")]
pub mod uses;

#[cfg(feature = "csr")]
pub use list::{SourcesView, Whose};
