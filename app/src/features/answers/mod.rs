//! Answers: the table and the side panel.

pub mod segments;
pub mod state;

#[cfg(feature = "csr")]
pub mod filters;
#[cfg(feature = "csr")]
pub mod list;
#[cfg(feature = "csr")]
pub mod panel;
#[cfg(feature = "csr")]
pub mod parts;
#[cfg(feature = "csr")]
pub mod shown_text;

#[cfg(feature = "csr")]
pub use list::AnswersView;
#[cfg(feature = "csr")]
pub use panel::AnswerPanel;
