//! Projects: making and changing them.

#[cfg(feature = "csr")]
pub mod below;
#[cfg(feature = "csr")]
pub mod delete;
#[cfg(feature = "csr")]
pub mod entities;
#[cfg(feature = "csr")]
pub mod form;
#[cfg(feature = "csr")]
pub mod models;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod prompts;
#[cfg(feature = "csr")]
pub mod schedule;
pub mod state;
#[cfg(feature = "csr")]
pub mod stop;
#[cfg(feature = "csr")]
pub mod suggest;
