//! What the states and failures of runs are called.

use crate::model::outcome::ErrorClass;
use crate::model::run::RunStatus;
use crate::texts::{Text, runs as texts};

/// What a status is called.
pub const fn status_name(status: RunStatus) -> Text {
    match status {
        RunStatus::Queued => texts::QUEUED,
        RunStatus::Running => texts::RUNNING,
        RunStatus::Finished => texts::FINISHED,
        RunStatus::FinishedWithFailures => texts::FINISHED_WITH_FAILURES,
        RunStatus::OverBudget => texts::OVER_BUDGET,
        RunStatus::Cancelled => texts::CANCELLED,
        RunStatus::Failed => texts::FAILED,
    }
}

/// What went wrong, from an error class: its word, to be read.
pub fn error_name(class: ErrorClass) -> String {
    class.word().replace('_', " ")
}
