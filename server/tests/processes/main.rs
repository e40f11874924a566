//! The binary as people run it: real processes that serve, ask, are killed, stopped, run side
//! by side, and called from a shell. Each test has folders, databases and processes of its own.

mod backup;
mod commands;
mod databases;
mod death;
mod deployment;
mod documents;
mod full_house;
mod guessers;
mod hostile_lists;
mod hosting;
mod judge;
mod keys;
mod logs;
mod long_answers;
mod mail;
mod mirror;
mod nginx;
mod prices;
#[path = "../support/raw_server.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod raw_server;
mod rereading;
mod rest;
mod runs;
mod served;
mod set_up;
mod shared_keys;
mod side_by_side;
mod support;
mod systemd_guide;
mod users;
mod workers;
