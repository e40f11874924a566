//! What a host does by itself: when it falls due, what became of it, and what people are told.

mod due_slots;
mod job_health;
mod job_log;
mod model_notices;
mod model_swaps;
mod notice_mutes;
mod notice_search;
mod notices;
mod unsolved_notices;

pub use due_slots::{ScheduledProject, Slot, SlotOutcome};
pub use job_health::JobHealth;
pub use notice_mutes::NoticeReader;
pub use notices::MailToSend;
