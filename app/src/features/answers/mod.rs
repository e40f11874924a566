//! Answers: the table and the side panel.

pub mod segments;
pub mod state;

#[cfg(feature = "csr")]
mod filters;
#[cfg(feature = "csr")]
mod list;
#[cfg(feature = "csr")]
mod panel;
#[cfg(feature = "csr")]
mod parts;

#[cfg(feature = "csr")]
pub use list::AnswersView;
#[cfg(feature = "csr")]
pub use panel::AnswerPanel;
