//! What the states and failures of runs are called.

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

/// What went wrong, from an error class; a class that is new to this client is shown as it is.
pub fn error_name(class: &str) -> String {
    class.replace('_', " ")
}
