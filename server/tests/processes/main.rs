//! The binary as people run it: real processes that serve, ask, are killed, stopped, run side
//! by side, and called from a shell. Each test has folders, databases and processes of its own.

mod backup;
mod commands;
mod databases;
mod death;
mod deployment;
mod hosting;
mod judge;
mod keys;
mod logs;
mod mail;
mod prices;
mod rereading;
mod rest;
mod runs;
mod served;
mod shared_keys;
mod side_by_side;
mod support;
mod workers;
