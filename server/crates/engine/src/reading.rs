//! With what answers are read, and what they say then.

use std::sync::Arc;

use analysis::citations::{Page, page};
use analysis::{Detector, EntitySpec, Finding};
use contract::ids::{EntityId, RevisionId};
use providers::Citation;
use runtime::long_texts::{ReadingFailed, catch_panic};

/// With what answers are read: the entities of one analysis revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The revision.
    pub revision: RevisionId,
    /// The project's brand.
    pub brand: Option<EntityId>,
    /// The brand and its competitors, the brand first.
    pub entities: Vec<EntitySpec<EntityId>>,
}

impl Reading {
    /// What looks for these entities.
    pub fn detector(&self) -> Detector<EntityId> {
        Detector::new(&self.entities)
    }
}

/// What an answer says under one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// With what it was read.
    pub reading: Arc<Reading>,
    /// The entities that it mentions.
    pub findings: Vec<Finding<EntityId>>,
    /// It could not be read: whom it mentions is not known, which is not the same as nobody.
    pub is_unread: bool,
}

impl Read {
    /// What `found` says of an answer that was read with `reading`.
    pub fn new(reading: Arc<Reading>, found: Mentions) -> Self {
        Self {
            reading,
            is_unread: found.is_err(),
            findings: found.unwrap_or_default(),
        }
    }
}

/// The entities that an answer mentions, if it could be read.
pub type Mentions = Result<Vec<Finding<EntityId>>, ReadingFailed>;

/// An answer with this in it panics whoever reads it.
#[cfg(any(test, feature = "testing"))]
pub const UNREADABLE: &str = "<a text that panics its reader>";

#[cfg(any(test, feature = "testing"))]
fn panic_on_unreadable(text: &str) {
    assert!(!text.contains(UNREADABLE), "by a test");
}

/// How many bytes are read of an answer: those of its text and of the addresses that it cites,
/// which may be much longer.
pub fn bytes_to_read<'a>(text: &str, addresses: impl Iterator<Item = &'a str>) -> usize {
    text.len() + addresses.map(str::len).sum::<usize>()
}

/// The page that each of these citations means; `None` if it means none.
pub fn pages_of(citations: &[Citation]) -> Vec<Option<Page>> {
    let of = |citation: &Citation| page(&citation.url, citation.title.as_deref());
    citations.iter().map(of).collect()
}

/// The addresses that tell whose sites an answer cites. What was merely retrieved names nobody.
fn cited_sites(citations: &[Citation]) -> Vec<String> {
    citations
        .iter()
        .filter(|citation| citation.cited)
        .map(Citation::site)
        .collect()
}

/// The entities that an answer mentions, with what it cites beside its text; `language` is the ISO
/// 639-1 code of the language that it was asked in.
///
/// The analysis should not panic. If it does, only this answer stays unread.
///
/// # Errors
/// [`ReadingFailed`] where it panicked: nobody knows whom the answer mentions.
pub fn mentions(
    detector: &Detector<EntityId>,
    text: &str,
    citations: &[Citation],
    language: &str,
) -> Mentions {
    let mut findings = catch_panic(|| {
        #[cfg(any(test, feature = "testing"))]
        panic_on_unreadable(text);
        let sites = cited_sites(citations);
        let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
        detector.analyze(text, &sites, Some(language))
    })?;
    findings.retain(Finding::is_mentioned);
    Ok(findings)
}
