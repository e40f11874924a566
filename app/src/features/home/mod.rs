//! The first page: what needs somebody, what the month costs, what comes next, and the projects.

#[cfg(feature = "csr")]
pub mod cards;
#[cfg(feature = "csr")]
pub mod page;
pub mod state;
#[cfg(feature = "csr")]
pub mod table;

#[cfg(feature = "csr")]
pub use page::HomePage;
