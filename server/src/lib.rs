//! The host: engine, providers, analysis, storage and HTTP.

mod alias_lists;
pub mod analysis;
pub mod auth;
pub mod bell;
pub mod bootstrap;
mod buckets;
pub mod cli;
pub mod clock;
pub mod config;
pub mod data_folder;
pub mod engine;
pub mod forecast;
pub mod http;
pub mod jobs;
pub mod judge;
#[cfg(test)]
mod layers;
pub mod lifeline;
mod long_texts;
pub mod mail;
mod markup;
pub mod prices;
pub mod providers;
pub mod services;
#[cfg(test)]
mod source_reading;
mod spreadsheet;
pub mod store;
mod structured;
pub mod suggestions;
pub mod supervision;
pub mod usd;
pub mod vault;
