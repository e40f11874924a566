//! Sources: the domains and pages that answers cite, and who cites them.

pub mod list;
pub mod uses;

pub use list::SourcesView;
