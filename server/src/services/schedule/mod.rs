//! What happens by itself: when, who starts it, and what became of it.

mod day_of_runs;
mod due_work;
mod timetable;

pub use day_of_runs::{BudgetWarning, DailySummary, ProjectDay};
#[cfg(test)]
pub(crate) use due_work::UNSTARTABLE;
pub use due_work::{DueWork, Today};
