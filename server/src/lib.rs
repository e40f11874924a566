//! The host: engine, providers, analysis, storage and HTTP.

pub mod analysis;
pub mod cli;
pub mod providers;
