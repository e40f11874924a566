//! Numbers, days, names and notices as text, in every language: for the screen, its charts and the
//! host's mails.
//!
//! Invariant: pure. No view, nothing of a browser or of the host.

pub mod accuracy;
pub mod addresses;
pub mod amount;
pub mod calendar;
pub mod change;
pub mod dates;
pub mod figure;
pub mod files;
pub mod moved;
pub mod notices;
pub mod numbers;
pub mod rhythm;
pub mod runs;
pub mod sentence;
pub mod typed;
