//! Keys and budget.

#[cfg(feature = "csr")]
pub mod page;
