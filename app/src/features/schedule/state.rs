//! What the screens of schedules know: outcomes in words.

use crate::model::run::RunStatus;
use crate::model::schedule::JobOutcome;
use crate::texts::{Text, schedule};
use crate::words::runs::status_name;

/// What became of a job, in a word or two.
pub const fn outcome_text(outcome: JobOutcome) -> Text {
    match outcome {
        JobOutcome::Running => status_name(RunStatus::Running),
        JobOutcome::Done => status_name(RunStatus::Finished),
        JobOutcome::Failed => status_name(RunStatus::Failed),
        JobOutcome::NoKey => schedule::NO_KEY,
        JobOutcome::OverBudget => schedule::OVER_BUDGET,
        JobOutcome::AlreadyRunning => schedule::ALREADY_RUNNING,
        JobOutcome::NothingToAsk => schedule::NOTHING_TO_ASK,
    }
}
