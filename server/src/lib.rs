//! The host: storage, use cases, HTTP, jobs and commands, around crates that know none of these.

mod alias_lists;
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
#[cfg(test)]
mod layers;
pub mod mail;
mod markup;
pub mod prices;
pub mod services;
#[cfg(test)]
mod source_reading;
mod spreadsheet;
pub mod store;
mod structured;
pub mod suggestions;
pub mod usd;
pub mod vault;
pub mod wake_up;
pub mod worker_lock;
