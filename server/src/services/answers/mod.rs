//! Answers, what was found in them and the sources that they cite; and everything about a
//! project as files.

mod answer;
mod exports;
mod sources;

pub use answer::{FullAnswer, FullAnswers};
pub use exports::{
    AnswerCursor, AnswerExport, CitationExport, ExportedTone, FindingExport, LedgerCursor,
    LedgerExport, Part, SnapshotExport,
};
