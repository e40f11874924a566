//! The door: who may connect.
//!
//! Invariant: knows neither routes nor callers; what a connection asks for is the router's.

mod listener;

pub use listener::listen;
