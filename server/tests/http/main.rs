//! The host's door, driven as browsers and programs drive it: the real router on a real database,
//! with a real engine that asks the simulator.

mod accounts;
mod bad_input;
mod capabilities;
mod events;
mod field_limits;
mod keys;
mod projects;
mod rate_limit;
mod rest_flow;
mod runs;
mod security;
mod server_fns;
mod spend;
mod support;
mod tenants;
