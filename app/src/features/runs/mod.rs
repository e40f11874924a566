//! Runs: starting one, its progress, cancelling, the list.

pub mod state;

#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod list;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod progress;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod start;

#[cfg(feature = "csr")]
pub use list::{RunBadge, RunsView};
#[cfg(feature = "csr")]
pub use progress::Progress;
#[cfg(feature = "csr")]
pub use start::StartRun;
