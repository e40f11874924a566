//! The page of a project: its numbers, and around them its answers and runs.

pub mod chart;
pub mod figure;
pub mod format;
pub mod state;

#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod cards;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod charts;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod filters;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod head;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod models;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod overview;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod page;
#[cfg(feature = "csr")]
pub mod scope;

#[cfg(feature = "csr")]
pub use page::ProjectPage;
