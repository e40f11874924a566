//! The host: engine, providers, analysis, storage and HTTP.

pub mod analysis;
pub mod cli;
pub mod clock;
pub mod engine;
pub mod providers;
pub mod store;
