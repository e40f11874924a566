//! Everything that is known about speaking to providers.
//!
//! Invariant: knows nothing of runs, lanes, budgets or the database.

mod types;

pub use types::*;
