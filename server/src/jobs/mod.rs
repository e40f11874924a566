//! What a host does by itself, a job a file; [`registry`] is the table of all of them.
//!
//! Invariant: the database is the truth. A job that dies, or is done twice, costs a moment; what
//! it is about stands in the database.

pub mod due_work;
mod erasure;
mod health;
mod judge_pass;
pub mod judge_worker;
mod letters;
mod lost_calls;
pub mod notices;
mod old_answers;
mod old_pages;
pub mod registry;
pub mod reread;
#[cfg(test)]
mod tests;

pub use erasure::erase_deleted;
pub use letters::send_letters;
pub use lost_calls::write_lost_calls_to_ledger;
pub use old_answers::read_old_answers;
pub use old_pages::clear_old_pages;
