//! Runs: started, watched, judged, cancelled.

mod run;

pub use run::{EndedModel, RunPage};
