//! Making and changing a project.

#[cfg(feature = "csr")]
pub mod page;
