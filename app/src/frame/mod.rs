//! What stands around the pages, and what they share: the shell, the menu and the table of pages.
//! For a project's pages also what is in the address, and the numbers.
//!
//! Invariant: only the table of pages knows features; features know neither it nor the shell.

pub mod paths;
pub mod period;
pub mod query;

#[cfg(feature = "csr")]
pub mod answered;
#[cfg(feature = "csr")]
pub mod left_out;
#[cfg(feature = "csr")]
pub mod navigation;
#[cfg(feature = "csr")]
pub mod not_found;
#[cfg(feature = "csr")]
pub mod pages;
#[cfg(feature = "csr")]
pub mod preferences;
#[cfg(feature = "csr")]
pub mod scope;
#[cfg(feature = "csr")]
pub mod shell;

#[cfg(feature = "csr")]
pub use shell::mount;
