//! Finds names in folded text.
//!
//! Invariant: matches do not overlap. A name inside a longer one is the longer one's; of two
//! that overlap otherwise, the entity that stands first in the list keeps its match, so that
//! an entity added at the end takes nothing from the others but names that contain theirs.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::address::{Address, AddressKind};
use super::fold::{Folded, is_boundary, is_word};
use super::variants::{self, Capitals};

/// A name in visible text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameMatch {
    /// Index of the entity.
    pub(crate) entity: usize,
    /// Where, in the folded text.
    pub(crate) span: Range<usize>,
}

/// All spellings of all entities.
#[derive(Debug)]
pub(crate) struct Matcher {
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    entity: usize,
    capitals: Capitals,
    written: String,
    /// Starts with a symbol, as ".NET" does.
    symbol_first: bool,
    has_dot: bool,
}

impl Matcher {
    /// `names` of each entity; an own name or alias goes before another's variant.
    pub(crate) fn new(names: &[Vec<&str>]) -> Self {
        let mut spellings = Vec::new();
        for (entity, names) in names.iter().enumerate() {
            for name in names {
                spellings.extend(variants::of_name(name).into_iter().map(|s| (entity, s)));
            }
        }
        spellings.sort_by_key(|(_, spelling)| !spelling.is_own);
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut texts = Vec::new();
        for (entity, spelling) in spellings {
            if let Some(&known) = seen.get(&spelling.folded) {
                // Two aliases of one entity: the more lenient one decides.
                if let Some(pattern) = patterns.get_mut(known)
                    && pattern.entity == entity
                {
                    pattern.capitals = pattern.capitals.min(spelling.capitals);
                }
                continue;
            }
            seen.insert(spelling.folded.clone(), patterns.len());
            patterns.push(Pattern {
                entity,
                capitals: spelling.capitals,
                written: spelling.written,
                symbol_first: !spelling.folded.starts_with(is_word),
                has_dot: spelling.folded.contains('.'),
            });
            texts.push(spelling.folded);
        }
        // Building fails only for more text than names can have (2^31 states).
        let automaton = (!texts.is_empty())
            .then(|| {
                AhoCorasick::builder()
                    .match_kind(MatchKind::Standard)
                    .build(&texts)
                    .ok()
            })
            .flatten();
        Self {
            automaton,
            patterns,
        }
    }

    /// All matches, ascending.
    pub(crate) fn find(
        &self,
        folded: &Folded,
        source: &str,
        addresses: &[Address],
    ) -> Vec<NameMatch> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let place = Place {
            folded,
            source,
            addresses,
        };
        let candidates = automaton
            .find_overlapping_iter(folded.text())
            .filter_map(|found| {
                let pattern = self.patterns.get(found.pattern().as_usize())?;
                place.allows(pattern, &found.range()).then(|| NameMatch {
                    entity: pattern.entity,
                    span: found.range(),
                })
            })
            .collect();
        resolve(candidates)
    }
}

/// Where a match stands.
struct Place<'a> {
    folded: &'a Folded,
    source: &'a str,
    addresses: &'a [Address],
}

impl Place<'_> {
    fn allows(&self, pattern: &Pattern, span: &Range<usize>) -> bool {
        self.is_whole_word(pattern, span)
            && self.is_outside_addresses(pattern, span)
            && self.has_capitals(pattern, span)
    }

    fn is_whole_word(&self, pattern: &Pattern, span: &Range<usize>) -> bool {
        let text = self.folded.text();
        let (Some(before), Some(name), Some(after)) = (
            text.get(..span.start),
            text.get(span.clone()),
            text.get(span.end..),
        ) else {
            return false;
        };
        let previous = before.chars().next_back();
        let mut following = after.chars();
        let next = following.next();
        if pattern.symbol_first && previous.is_some_and(is_word) {
            return false;
        }
        // "C++" is not "C", "Disney+" is not "Disney"; "Kipu+Acme" is Kipu.
        if matches!(next, Some('+' | '#')) && !following.next().is_some_and(char::is_alphanumeric) {
            return false;
        }
        is_boundary(previous, name.chars().next()) && is_boundary(name.chars().next_back(), next)
    }

    fn is_outside_addresses(&self, pattern: &Pattern, span: &Range<usize>) -> bool {
        let first = self.addresses.partition_point(|a| a.span.end <= span.start);
        let Some(address) = self
            .addresses
            .get(first)
            .filter(|a| a.span.start < span.end)
        else {
            return true;
        };
        match address.kind {
            AddressKind::Hidden => false,
            AddressKind::Domain => pattern.has_dot && address.span == *span,
            AddressKind::Name => address.span.start == span.start,
        }
    }

    fn has_capitals(&self, pattern: &Pattern, span: &Range<usize>) -> bool {
        if pattern.capitals == Capitals::Free {
            return true;
        }
        let written = self
            .source
            .get(self.folded.raw_range(span.clone()))
            .unwrap_or_default();
        match pattern.capitals {
            Capitals::Free => true,
            Capitals::Some => written.chars().any(char::is_uppercase),
            Capitals::EachWord => written
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .all(|word| !word.starts_with(char::is_lowercase)),
            Capitals::Exact => {
                let plain = |text: &str| -> String {
                    text.chars().filter(|c| c.is_alphanumeric()).collect()
                };
                written == pattern.written || plain(written) == plain(&pattern.written)
            }
        }
    }
}

/// Leaves matches that do not overlap.
fn resolve(mut candidates: Vec<NameMatch>) -> Vec<NameMatch> {
    candidates.sort_by_key(|m| (m.span.start, usize::MAX - m.span.end, m.entity));
    let mut furthest = 0;
    candidates.retain(|m| {
        let is_inside = m.span.end <= furthest;
        furthest = furthest.max(m.span.end);
        !is_inside
    });
    // No match is inside another now: starts and ends both ascend.
    let overlap = |a: &NameMatch, b: &NameMatch| a.span.end > b.span.start;
    if candidates
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if !overlap(a, b)))
    {
        return candidates;
    }
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&index| candidates.get(index).map(|m| (m.entity, index)));
    let mut kept = vec![false; candidates.len()];
    for index in order {
        let is_free = |other: usize| !kept.get(other).copied().unwrap_or(false);
        let Some(current) = candidates.get(index) else {
            continue;
        };
        let left_free = (0..index)
            .rev()
            .map_while(|other| {
                Some(other).filter(|o| candidates.get(*o).is_some_and(|m| overlap(m, current)))
            })
            .all(is_free);
        let right_free = (index + 1..candidates.len())
            .map_while(|other| {
                Some(other).filter(|o| candidates.get(*o).is_some_and(|m| overlap(current, m)))
            })
            .all(is_free);
        if left_free
            && right_free
            && let Some(keep) = kept.get_mut(index)
        {
            *keep = true;
        }
    }
    let mut flags = kept.into_iter();
    candidates.retain(|_| flags.next().unwrap_or(false));
    candidates
}
