//! API keys of providers.

mod addresses;
mod remove;
mod save;
mod show;
mod try_out;
