//! Text in, findings out.
//!
//! Invariant: no I/O, no clock, no database.
