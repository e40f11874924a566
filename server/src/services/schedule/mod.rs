//! What happens by itself: when, who starts it, and what became of it.

mod day_of_runs;
mod due_runs;
mod timetable;

pub use day_of_runs::{BudgetWarning, DailySummary, ProjectDay};
pub use due_runs::{Scheduling, Today};
pub(in crate::services) use due_runs::{is_any_paid, providers_without_key};
