//! The host's door, driven as browsers and programs drive it: the real router on a real database,
//! with a real engine that asks the simulator.

#[expect(dead_code, reason = "not every kind of test needs all of it")]
#[path = "../support/raw_server.rs"]
mod raw_server;
#[path = "../support/scratch.rs"]
mod scratch;

mod accounts;
mod accounts_access;
mod accounts_guessing;
mod addresses;
mod admission;
mod answers;
mod at_work;
mod bad_input;
mod capabilities;
mod changes;
mod compression;
mod confirmation;
mod dashboard;
mod deleted;
mod discovery;
mod door;
mod events;
mod export_costs;
mod export_numbers;
mod exports;
mod field_limits;
mod front;
mod head;
mod invitations;
mod keys;
mod left_out;
mod lists;
mod models;
mod openapi;
mod projects;
mod protocol;
mod query_files;
mod query_round_trip;
mod quotas;
mod rate_limit;
mod rest_flow;
mod rest_more;
mod rest_screen;
mod runs;
mod schedule;
mod security;
mod server_fns;
mod set_up;
mod shared_keys;
mod sources;
mod spend;
mod suggestions;
mod support;
mod tenants;
mod tokens;
