//! The frame of a project's pages: their head, period, models and topics, and the pages, each of
//! which is a feature of its own.
//!
//! Invariant: only this feature knows other features, because it mounts them.

pub mod filter_sheet;
pub mod filters;
pub mod head;
pub mod models_menu;
pub mod more_menu;
pub mod page;
pub mod parts;
pub mod period_menu;
pub mod printed;
pub mod topics_menu;

pub use page::ProjectPage;
pub use parts::fetch_page;
