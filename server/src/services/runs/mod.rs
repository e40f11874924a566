//! Runs: started, watched, judged, cancelled.

mod readiness;
mod run;

pub(in crate::services) use readiness::{is_any_paid, providers_without_key};
pub use run::{EndedModel, RunPage};
