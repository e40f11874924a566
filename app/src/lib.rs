//! What browser and host ask of each other, and the user interface. The ids, values and shapes
//! that both speak of are a crate below this one, `contract`, which goes by the name `model` here.
//!
//! Invariant: knows no database, no async runtime and no HTTP client.

#[cfg(any(feature = "csr", test))]
pub mod address;
pub mod api;
pub mod canvas;
pub mod choice;
pub mod features;
pub mod frame;
pub mod letters;
pub mod order;
pub mod page_query;
pub mod palette;
pub mod period;
#[cfg(test)]
mod rooms;
pub mod shapes;
pub mod tables;
#[cfg(feature = "csr")]
pub mod tasks;
pub mod texts;
#[cfg(feature = "csr")]
pub mod ui;
pub mod validate;
pub mod words;

pub use contract as model;
