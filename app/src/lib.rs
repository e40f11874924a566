//! The contract between browser and host, and the user interface.
//!
//! Invariant: knows no database, no async runtime and no HTTP client.

#[cfg(any(feature = "csr", test))]
pub mod address;
pub mod api;
pub mod canvas;
pub mod features;
pub mod frame;
pub mod model;
pub mod order;
#[cfg(test)]
mod rooms;
pub mod texts;
#[cfg(feature = "csr")]
pub mod ui;
pub mod words;
