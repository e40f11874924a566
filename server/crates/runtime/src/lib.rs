//! What the running parts of a host stand on: the one source of time, a place where long texts are
//! read, and jobs that outlive a panic.
//!
//! Invariant: knows no provider, no run, no text and no job; nothing of the house is below it.

pub mod clock;
pub mod long_texts;
pub mod supervision;
