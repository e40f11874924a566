//! Finds names in folded text.
//!
//! Invariant: matches do not overlap. A name inside a longer name belongs to the longer one. If two
//! names overlap in another way, the entity that stands first in the list keeps its match. So an
//! entity that is added at the end takes nothing from the others, except where its name contains
//! theirs.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::char::decompose_compatible;

use super::address::{Address, AddressKind};
use super::alias::Alias;
use super::boundaries::{ends_word, starts_word};
use super::fold::{Folded, is_word};
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
    /// The options of aliases that have any.
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Pattern {
    purpose: Purpose,
    capitals: Capitals,
    written: String,
    /// Also counts inside longer words.
    inside_words: bool,
    /// Starts with a symbol, as ".NET" does.
    symbol_first: bool,
    has_dot: bool,
}

/// What is done with a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// It names an entity, if the rule allows it.
    Name { entity: usize, rule: Option<usize> },
    /// No name of this rule counts inside it.
    Not(usize),
    /// Names of this rule count.
    Need(usize),
}

/// The options of an alias that a whole answer decides on.
#[derive(Clone, Copy, Debug)]
struct Rule {
    needs_context: bool,
}

impl Matcher {
    /// `names` of each entity; an own name or alias goes before a variant of another.
    pub(crate) fn new(names: &[Vec<Alias>]) -> Self {
        let mut collected = Collected::default();
        for is_own in [true, false] {
            let mut rule = 0;
            for (entity, names) in names.iter().enumerate() {
                for name in names {
                    let has_rule = !name.not.is_empty() || !name.needs.is_empty();
                    collected.name(entity, name, has_rule.then_some(rule), is_own);
                    rule += usize::from(has_rule);
                }
            }
        }
        let mut rules = Vec::new();
        for name in names.iter().flatten() {
            if name.not.is_empty() && name.needs.is_empty() {
                continue;
            }
            collected.context(&name.not, Purpose::Not(rules.len()));
            collected.context(&name.needs, Purpose::Need(rules.len()));
            rules.push(Rule {
                needs_context: !name.needs.is_empty(),
            });
        }
        let Collected {
            patterns, texts, ..
        } = collected;
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
            rules,
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
        let mut names = Vec::new();
        let mut ruled = Vec::new();
        let mut contexts = vec![Context::default(); self.rules.len()];
        for found in automaton.find_overlapping_iter(folded.text()) {
            let Some(pattern) = self.patterns.get(found.pattern().as_usize()) else {
                continue;
            };
            if !place.allows(pattern, &found.range()) {
                continue;
            }
            match pattern.purpose {
                Purpose::Name { entity, rule } => {
                    let name = NameMatch {
                        entity,
                        span: found.range(),
                    };
                    match rule {
                        Some(rule) => ruled.push((rule, name)),
                        None => names.push(name),
                    }
                }
                Purpose::Not(rule) => {
                    if let Some(context) = contexts.get_mut(rule) {
                        context.not.push(found.range());
                    }
                }
                Purpose::Need(rule) => {
                    if let Some(context) = contexts.get_mut(rule) {
                        context.is_given = true;
                    }
                }
            }
        }
        for (rule, context) in self.rules.iter().zip(&mut contexts) {
            context.is_given |= !rule.needs_context;
            context.prepare();
        }
        let allowed = ruled.into_iter().filter(|(rule, name)| {
            contexts
                .get(*rule)
                .is_some_and(|context| context.allows(&name.span))
        });
        names.extend(allowed.map(|(_, name)| name));
        resolve(names)
    }
}

/// Patterns on the way to an automaton.
#[derive(Default)]
struct Collected {
    patterns: Vec<Pattern>,
    texts: Vec<String>,
    /// The pattern of each spelling of a name, and whether it is somebody's own name.
    seen: HashMap<String, (usize, bool)>,
}

impl Collected {
    /// Adds the own spelling of a name, or its variants.
    fn name(&mut self, entity: usize, name: &Alias, rule: Option<usize>, is_own: bool) {
        for spelling in variants::of_name(&name.text) {
            if spelling.is_own != is_own {
                continue;
            }
            let capitals = if name.match_case {
                Capitals::AsWritten
            } else {
                spelling.capitals
            };
            if let Some(&(known, known_is_own)) = self.seen.get(&spelling.folded) {
                // Two aliases of one entity: the more lenient one decides.
                if let Some(pattern) = self.patterns.get_mut(known)
                    && known_is_own == is_own
                    && pattern.purpose == (Purpose::Name { entity, rule })
                {
                    pattern.capitals = pattern.capitals.min(capitals);
                    pattern.inside_words |= !name.whole_word;
                }
                continue;
            }
            self.seen
                .insert(spelling.folded.clone(), (self.patterns.len(), is_own));
            self.push(
                Pattern {
                    purpose: Purpose::Name { entity, rule },
                    capitals,
                    written: spelling.written,
                    inside_words: !name.whole_word,
                    symbol_first: !spelling.folded.starts_with(is_word),
                    has_dot: spelling.folded.contains('.'),
                },
                spelling.folded,
            );
        }
    }

    /// Adds phrases that decide on other names.
    fn context(&mut self, phrases: &[String], purpose: Purpose) {
        for spelling in phrases
            .iter()
            .flat_map(|phrase| variants::of_phrase(phrase))
        {
            self.push(
                Pattern {
                    purpose,
                    capitals: Capitals::Free,
                    written: spelling.written,
                    inside_words: false,
                    symbol_first: !spelling.folded.starts_with(is_word),
                    has_dot: spelling.folded.contains('.'),
                },
                spelling.folded,
            );
        }
    }

    fn push(&mut self, pattern: Pattern, text: String) {
        self.patterns.push(pattern);
        self.texts.push(text);
    }
}

/// What an answer says about a rule.
#[derive(Clone, Default)]
struct Context {
    /// Phrases in which the name does not count, ascending; each ends no earlier than those
    /// before it.
    not: Vec<Range<usize>>,
    /// A word that the name needs stands somewhere, or it needs none.
    is_given: bool,
}

impl Context {
    fn prepare(&mut self) {
        self.not.sort_by_key(|phrase| phrase.start);
        let mut furthest = 0;
        for phrase in &mut self.not {
            furthest = furthest.max(phrase.end);
            phrase.end = furthest;
        }
    }

    fn allows(&self, name: &Range<usize>) -> bool {
        let before = self
            .not
            .partition_point(|phrase| phrase.start <= name.start);
        let is_inside = before
            .checked_sub(1)
            .and_then(|last| self.not.get(last))
            .is_some_and(|phrase| phrase.end >= name.end);
        self.is_given && !is_inside
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
        (pattern.inside_words || self.is_whole_word(pattern, span))
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
        starts_word(previous, name.chars().next()) && ends_word(name.chars().next_back(), after)
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
            Capitals::AsWritten => has_letters_of(written, &pattern.written),
            Capitals::Exact => {
                written == pattern.written || letters(written) == letters(&pattern.written)
            }
        }
    }
}

/// Whether the letters of `name` stand in `written` with the same capitals; what a variant has
/// besides must be small ("Marks and Spencer" for "Marks & Spencer").
fn has_letters_of(written: &str, name: &str) -> bool {
    let name = letters(name);
    let mut left = name.iter().peekable();
    for letter in letters(written) {
        if left.peek() == Some(&&letter) {
            left.next();
        } else if letter.is_uppercase() {
            return false;
        }
    }
    left.peek().is_none()
}

/// The letters and digits of `text` in compatibility form, without accents.
fn letters(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for c in text.chars() {
        decompose_compatible(c, |part| {
            if part.is_alphanumeric() {
                letters.push(part);
            }
        });
    }
    letters
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
