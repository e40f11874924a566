//! Runs: planned, claimed lane by lane, written outcome by outcome, watched and ended.

mod delete_project;
mod failed_asks;
mod lane_store;
mod lanes;
mod lost_asks;
mod outcome_rows;
mod outcomes;
mod past_runs;
pub(in crate::store) mod plans;
mod retries;
mod watch;

pub use past_runs::{PastAnswer, PastLane, PastRun};
pub use plans::PlanError;
pub use retries::RetryPlan;
