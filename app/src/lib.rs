//! The contract between browser and host, and the user interface.
//!
//! Invariant: knows no database, no async runtime and no HTTP client.

#[cfg(any(feature = "csr", test))]
pub mod address;
pub mod api;
pub mod features;
pub mod order;
#[cfg(feature = "csr")]
pub mod pages;
#[cfg(feature = "csr")]
pub mod routes;
#[cfg(feature = "csr")]
pub mod shell;
pub mod texts;
#[cfg(feature = "csr")]
pub mod ui;
pub mod validate;

pub use contract as model;
