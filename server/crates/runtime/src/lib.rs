//! What the running parts of a host stand on: the one source of time, a place where long texts are
//! read, and jobs that outlive a panic.
//!
//! Invariant: knows no provider, run, text or job, and depends on no other crate of this workspace.

pub mod clock;
pub mod long_texts;
pub mod supervision;
