//! What people are told without having asked.

pub mod muting;
pub mod page;
pub mod row;
