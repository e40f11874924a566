//! Answers, what was found in them and the sources that they cite; and everything about a
//! project as files.

mod answer;
mod exports;
mod sources;

pub use answer::{CitingAnswer, CitingPage, WholeAnswer};
pub use exports::{
    AnswerCursor, AnswerExport, CitationExport, FindingExport, LedgerCursor, LedgerExport, Part,
    SnapshotExport, StoredTone,
};
