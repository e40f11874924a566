//! The host's door, driven as browsers and programs drive it: the real router on a real database,
//! with a real engine that asks the simulator.

#[expect(dead_code, reason = "not every kind of test needs all of it")]
#[path = "../support/raw_server.rs"]
mod raw_server;
#[path = "../support/scratch.rs"]
mod scratch;

mod accounts;
mod answers;
mod dashboard;
mod door;
mod exports;
mod invitations;
mod keys;
mod metrics;
mod models;
mod names;
mod prices;
mod projects;
mod queries;
mod rest_flow;
mod rest_more;
mod rest_screen;
mod runs;
mod schedule;
mod shared_keys;
mod sources;
mod spend;
mod suggestions;
mod support;
mod tenants;
mod the_whole;
mod tokens;
