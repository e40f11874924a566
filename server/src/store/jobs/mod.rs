//! What a host does by itself: when it falls due, what became of it, and what people are told.

mod job_book;
mod job_health;
mod model_news;
mod model_swaps;
mod news;
mod notices;
mod schedules;

pub use job_health::{JobHealth, JobState};
pub use notices::MailToSend;
pub use schedules::{Fired, ScheduledProject, Slot};
