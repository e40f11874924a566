//! The page of a project.

#[cfg(feature = "csr")]
mod page;

#[cfg(feature = "csr")]
pub use page::ProjectPage;
