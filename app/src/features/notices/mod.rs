//! What people are told without having asked.

pub mod page;
