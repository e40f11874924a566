//! Runs: progress and cancelling.
