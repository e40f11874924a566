//! API keys of providers.

mod addresses;
mod save;
