//! Models and prices.

#[cfg(feature = "csr")]
pub mod page;
