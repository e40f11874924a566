//! The frame of a project's pages: their heading, period and model, and the parts below, each of
//! which is a feature of its own.
//!
//! Invariant: only this feature knows other features, because it mounts them.

pub mod filters;
pub mod head;
pub mod page;

pub use page::ProjectPage;
