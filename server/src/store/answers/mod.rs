//! Answers: as people and files read them, what they cite and find, and how they are read again.

mod answer_columns;
mod answer_list;
mod citation_rows;
pub(in crate::store) mod citations;
mod export_numbers;
mod exports;
pub(in crate::store) mod finding_rows;
mod old_answers;
mod rereading;
pub(in crate::store) mod search_queries;
mod source_counts;
mod sources;
mod views;

pub use answer_columns::{CitingAnswer, StoredTone};
pub use answer_list::CitingPage;
pub use export_numbers::{CitationExport, SnapshotExport};
pub use exports::{AnswerCursor, AnswerExport, AnswerPart, FindingExport};
pub use rereading::{AnswerToRead, Rereading, Stage};
pub use views::WholeAnswer;
