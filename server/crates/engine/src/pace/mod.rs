//! How fast asks may go: as fast as each provider takes them, and fair between workspaces.
//!
//! [`window`] learns how many asks a key and model take at the same time, [`allowance`] obeys
//! what rate headers leave over, [`dispatcher`] hands out the permits, one for each attempt.
//!
//! Invariant: knows neither database nor provider; time is tokio's.

mod allowance;
mod dispatcher;
mod share;
#[cfg(test)]
mod tests;
mod window;

pub(super) use dispatcher::{Dispatcher, Kind, Lane, LaneKey, Pass, Permit, Verdict};
pub use window::FIRST_WINDOW;
