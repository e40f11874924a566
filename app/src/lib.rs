//! What browser and host ask of each other, and the user interface. The ids, values and shapes
//! that both speak of are a crate below this one, `contract`, which goes by the name `model` here.
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
