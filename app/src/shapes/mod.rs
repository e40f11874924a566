//! Where small drawings put their lines, bars and colours: sparklines, intervals, heat.
//!
//! Invariant: pure numbers in, numbers and paths out; no view, no words, nothing of a browser.

pub mod heat;
pub mod interval_bar;
pub mod sparkline;
