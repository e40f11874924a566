//! The door: routes, cookies, limits, files, errors as HTTP has them.
//!
//! Invariant: decides nothing about the product; every use case is a call to `services`.

mod assets;
mod at_work;
mod bodies;
mod caching;
mod client_address;
mod compression;
mod confirmation;
mod cookies;
mod docs;
pub mod door;
mod events;
mod first_screen;
mod front;
mod head;
mod idempotency;
mod limits;
mod look_ups;
mod network;
mod page;
mod path;
mod plain_page;
mod problem;
mod replies;
pub mod rest;
mod room;
mod router;
mod security;
mod server_fns;
mod session;
mod shares;
mod sign_in_page;
mod streams;
mod together;

pub use front::Front;
pub use router::{HttpState, router};
