//! Answers: the table and the side panel.

pub mod segments;
pub mod state;

#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod filters;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod list;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod panel;
#[cfg(feature = "csr")]
#[expect(unreachable_pub, reason = "the component macro makes its items public")]
mod parts;

#[cfg(feature = "csr")]
pub use list::AnswersView;
#[cfg(feature = "csr")]
pub use panel::AnswerPanel;
