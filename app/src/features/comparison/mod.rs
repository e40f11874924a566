//! The providers of a project side by side.

pub mod grid;

#[cfg(feature = "csr")]
pub mod view;

#[cfg(feature = "csr")]
pub use view::ComparisonView;
