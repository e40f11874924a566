//! Ids, values and the shapes that browser and host share.
//!
//! Invariant: serde only. No I/O, no database, no framework.

pub mod metrics;
pub mod money;
pub mod provider;
