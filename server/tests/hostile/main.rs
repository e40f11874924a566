//! Providers that misbehave, over a real socket: whatever one sends, its ask ends in one classed
//! failure (or in an answer without absurd numbers), in time, and little of it is kept.

#[path = "../support/raw_server.rs"]
mod raw_server;
mod support;

mod connections;
mod reach;
mod secrets;
mod size;
mod turns;
mod words;
