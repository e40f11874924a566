//! The door: routes, cookies, limits, files, errors as HTTP has them.
//!
//! Invariant: decides nothing about the product; every use case is a call to `services`.

mod assets;
mod caching;
mod confirmation;
mod docs;
pub mod door;
mod events;
mod head;
mod idempotency;
mod limits;
mod path;
mod plain_page;
mod problem;
pub mod rest;
mod router;
mod security;
mod server_fns;
mod session;

pub use router::{HttpState, router};
