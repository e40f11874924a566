//! The price book: models, their prices and which of them are current.

#[cfg(feature = "csr")]
pub mod add_model;
#[cfg(feature = "csr")]
pub mod model_row;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod price_history;
pub mod state;
