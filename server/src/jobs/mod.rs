//! The queue, by apalis: in memory for one process, in PostgreSQL for several.
//!
//! The database is the truth and the queue only rings: a job that is lost or done twice costs a
//! moment and no ask. All jobs: [`LanesWait`].

mod bell;
mod erasure;
pub mod judge;
mod judge_pass;
mod letters;
mod lost_calls;
pub mod notices;
mod old_answers;
mod queue;
pub mod reread;
pub mod schedule;
#[cfg(test)]
mod tests;

pub use bell::Bell;
pub use erasure::erase_deleted;
pub use lost_calls::book_lost_calls;
pub use old_answers::read_old_answers;
pub use queue::{LanesWait, Queue};
