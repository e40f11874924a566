//! What people are told without having asked, on the screen and by mail.

#[cfg(feature = "csr")]
pub mod page;
pub mod state;
