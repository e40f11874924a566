//! With what answers are read, and what they say then.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use app::model::ids::{EntityId, RevisionId};

use crate::analysis::{Detector, EntitySpec, Finding};
use crate::providers::Citation;

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
}

/// The addresses that tell whose sites an answer cites. What was merely retrieved names nobody.
pub fn cited_sites(citations: &[Citation]) -> Vec<String> {
    citations
        .iter()
        .filter(|citation| citation.cited)
        .map(Citation::site)
        .collect()
}

/// The entities that an answer mentions; `sites` are addresses that it cites beside its text,
/// `language` the ISO 639-1 code of the language that it was asked in.
///
/// The analysis does not panic; should it do so once, that costs the findings of this answer.
pub fn mentions(
    detector: &Detector<EntityId>,
    text: &str,
    sites: &[String],
    language: &str,
) -> Vec<Finding<EntityId>> {
    let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
    let reading = AssertUnwindSafe(|| detector.analyze(text, &sites, Some(language)));
    let mut findings = std::panic::catch_unwind(reading).unwrap_or_else(|_| {
        tracing::error!(
            bytes = text.len(),
            "the analysis panicked, an answer has no findings"
        );
        Vec::new()
    });
    findings.retain(Finding::is_mentioned);
    findings
}
