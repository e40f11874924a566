//! The contract between browser and host, and the user interface.
//!
//! Invariant: knows no database, no async runtime and no HTTP client.

pub mod api;
pub mod model;
pub mod texts;
