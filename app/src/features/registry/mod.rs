//! The price book: models, their prices and which of them are current.

#[cfg(feature = "csr")]
pub mod add_model;
#[cfg(feature = "csr")]
pub mod changes;
#[cfg(feature = "csr")]
pub mod import;
#[cfg(feature = "csr")]
pub mod model_row;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod price_history;
#[cfg(feature = "csr")]
mod prices;
#[cfg(feature = "csr")]
pub mod recompute;
#[cfg(feature = "csr")]
pub mod retiring;
#[cfg(feature = "csr")]
pub mod review;
pub mod state;
