//! What a host does by itself: when it falls due, what became of it, and what people are told.

mod due_slots;
mod job_book;
mod job_health;
mod model_news;
mod model_swaps;
mod news;
mod notices;

pub use due_slots::{Fired, ScheduledProject, Slot};
pub use job_health::JobHealth;
pub use notices::MailToSend;
