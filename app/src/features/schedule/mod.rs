//! What happens by itself: jobs, their times, their logs.

#[cfg(feature = "csr")]
pub mod job;
#[cfg(feature = "csr")]
pub mod page;
pub mod state;
