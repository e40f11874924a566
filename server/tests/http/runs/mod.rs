//! Runs: started, watched, stopped.

mod events;
mod start;
