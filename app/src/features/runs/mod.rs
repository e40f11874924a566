//! Runs: starting one, its progress, cancelling, the list.

pub mod state;

#[cfg(feature = "csr")]
mod list;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
mod progress;
#[cfg(feature = "csr")]
mod start;

#[cfg(feature = "csr")]
pub use list::{RunBadge, RunsView};
#[cfg(feature = "csr")]
pub use progress::Progress;
#[cfg(feature = "csr")]
pub use start::StartRun;
