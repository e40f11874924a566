//! What the screens of schedules know: outcomes in words.

use crate::model::schedule::JobOutcome;
use crate::texts::{Text, schedule};

/// What became of a job, in a word or two.
pub const fn outcome_text(outcome: JobOutcome) -> Text {
    match outcome {
        JobOutcome::Running => schedule::AT_WORK,
        JobOutcome::Done => schedule::DONE,
        JobOutcome::Failed => schedule::FAILED,
        JobOutcome::NoKey => schedule::NO_KEY,
        JobOutcome::OverBudget => schedule::OVER_BUDGET,
        JobOutcome::AlreadyRunning => schedule::ALREADY_RUNNING,
        JobOutcome::NothingToAsk => schedule::NOTHING_TO_ASK,
    }
}
