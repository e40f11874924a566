//! Runs: starting one, its progress, cancelling, the list, the page of one.

pub mod state;

#[cfg(feature = "csr")]
pub mod details;
#[cfg(feature = "csr")]
pub mod judged;
#[cfg(feature = "csr")]
pub mod list;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
pub mod one;
#[cfg(feature = "csr")]
pub mod progress;
#[cfg(feature = "csr")]
pub mod retry;
#[cfg(feature = "csr")]
pub mod start;

#[cfg(feature = "csr")]
pub use list::RunsView;
#[cfg(feature = "csr")]
pub use one::OneRun;
#[cfg(feature = "csr")]
pub use progress::Progress;
#[cfg(feature = "csr")]
pub use start::StartRun;
