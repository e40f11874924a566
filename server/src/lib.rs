//! The host: storage, use cases, HTTP, jobs and commands, around crates that know none of these.

pub mod auth;
pub mod bootstrap;
mod buckets;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod data_folder;
#[cfg(test)]
mod engine_tests;
pub mod forecast;
pub mod http;
pub mod jobs;
pub mod judge;
pub mod lifeline;
pub mod mail;
mod markup;
pub mod prices;
pub mod services;
mod spreadsheet;
pub mod store;
mod structured;
pub mod suggestions;
pub mod usd;
pub mod vault;
