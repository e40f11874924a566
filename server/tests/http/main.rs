//! The host's door, driven as browsers and programs drive it: the real router on a real database,
//! with a real engine that asks the simulator.

#[path = "../support/copies.rs"]
mod copies;
#[expect(dead_code, reason = "not every kind of test needs all of it")]
#[path = "../support/raw_server.rs"]
mod raw_server;
#[path = "../support/scratch.rs"]
mod scratch;

mod accounts;
mod all_routes;
mod answers;
mod budget;
mod clusters;
mod comparison;
mod competitors;
mod cron;
mod dashboard;
mod door;
mod exports;
mod health;
mod home;
mod invitations;
mod judge;
mod keys;
mod metrics;
mod models;
mod names;
mod notes;
mod notices;
mod overview;
mod prices;
mod projects;
mod queries;
mod recomputation;
mod runs;
mod schedule;
mod share_of_voice;
mod shared_keys;
mod snapshots;
mod sources;
mod suggestions;
mod support;
mod tenants;
mod tokens;
mod topics;
mod usage;
mod views;
