//! The host: engine, providers, analysis, storage and HTTP.

pub mod analysis;
pub mod clock;
pub mod providers;
pub mod store;
