//! Days, months and the slots of schedules, on the calendar of a workspace's time zone.
//!
//! Invariant: pure; the caller passes the time.

mod days;
mod schedule;

pub use days::{day, last_days, month, month_start, noon, time_zone};
pub use schedule::{LEAST_MINUTES, Schedule, ScheduleError, slot_name};
