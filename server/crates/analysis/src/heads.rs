//! Which entity heads an item: the one that its line starts with, or the one that a label
//! before it introduces ("Best overall: Kipu").
//!
//! Invariant: a name that only stands in an item's description does not head it.

use std::ops::Range;

use super::avoid::introduces_avoidance;
use super::decoration;
use super::fold::BREAK;
use super::legal_forms;
use super::matcher::NameMatch;
use super::ordinals::is_place;

/// A label longer than this (folded, in bytes) is a sentence.
const LONGEST_LABEL: usize = 80;

/// The words that may stand before a name without taking its place.
const ARTICLES: &[&str] = &[
    "the", "el", "la", "los", "las", "le", "les", "l", "der", "die", "das", "il", "lo", "gli", "i",
    "o", "a", "os", "as", "de", "het", "els",
];

/// Beginnings of words that make a label of the text before a colon or dash.
#[rustfmt::skip] // a table, not a list of lines
const LABEL_WORDS: &[&str] = &[
    "best", "top", "winner", "runner", "overall", "editor", "pick", "choice", "favo", "budget",
    "value", "cheap", "premium", "popular", "affordable", "ideal", "leader", "mejor", "ganador",
    "barat", "economic", "opcion", "lider", "meilleur", "gagnant", "choix", "beste", "sieger",
    "gunstig", "testsieger", "migliore", "scelta", "melhor", "vencedor", "escolha", "option",
    "alternative", "alternativa", "recommended", "recomendad", "mention", "winnaar", "keuze",
    "goedkoop", "aanrader", "najleps", "wybor", "zwyciez", "najtans", "millor", "guanyador",
    "mellor", "onena", "irabaz", "basta", "vinnare", "billig", "лучш", "выбор", "победител",
];

/// The match that heads `line`, among `matches`, which ascend.
pub(crate) fn of_line<'a>(
    text: &str,
    line: &Range<usize>,
    matches: &'a [NameMatch],
) -> Option<&'a NameMatch> {
    let first = matches.partition_point(|m| m.span.start < line.start);
    matches
        .get(first..)?
        .iter()
        .take_while(|m| m.span.start < line.end && m.span.start - line.start <= LONGEST_LABEL)
        .find(|m| heads(text, line, m))
}

/// Whether `line` starts with `name`.
pub(crate) fn starts(text: &str, line: &Range<usize>, name: &NameMatch) -> bool {
    is_nothing(text.get(line.start..name.span.start).unwrap_or_default())
}

fn heads(text: &str, line: &Range<usize>, name: &NameMatch) -> bool {
    let before = text.get(line.start..name.span.start).unwrap_or_default();
    if is_nothing(before) {
        return true;
    }
    let before = before.trim_end_matches([' ', '"', '\'', '*']);
    let after = text.get(name.span.end..line.end).unwrap_or_default();
    if let Some(label) = before.strip_suffix(':') {
        let is_short = || label.split_whitespace().count() <= 4 && stands_alone(after);
        return !introduces_avoidance(label, true) && (is_label(label) || is_short());
    }
    let label = before
        .strip_suffix(" -")
        .or_else(|| before.strip_suffix('—'));
    label.is_some_and(|label| is_label(label) && !introduces_avoidance(label, true))
}

/// Where the head of `line` starts: behind a label ("Best overall: …"), or at the start.
pub(crate) fn after_label(text: &str, line: &Range<usize>) -> usize {
    let head = text.get(line.clone()).unwrap_or_default();
    let colon = head.find(':').filter(|colon| *colon <= LONGEST_LABEL);
    match colon.map(|colon| (colon, head.get(..colon).unwrap_or_default())) {
        Some((colon, label)) if is_label(label) => line.start + colon + 1,
        _ => line.start,
    }
}

/// Only punctuation, symbols and an article.
fn is_nothing(before: &str) -> bool {
    let before = before.get(decoration::length(before)..).unwrap_or_default();
    let words = before.trim_matches(|c: char| !c.is_alphanumeric());
    words.is_empty() || (ARTICLES.contains(&words) && before.ends_with([' ', '\'', '"']))
}

fn is_label(label: &str) -> bool {
    label.split(|c: char| !c.is_alphanumeric()).any(|word| {
        is_place(word)
            || LABEL_WORDS
                .iter()
                .any(|known| word.starts_with(known) && (known.len() > 3 || word == *known))
    })
}

/// Whether nothing but a remark in brackets or after a dash follows a name.
fn stands_alone(after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'', '*']);
    let after = legal_forms::skip(after);
    let after = after.trim_end_matches(['.', BREAK]);
    after.trim().is_empty()
        || after.starts_with(" (")
        || after.starts_with(" -")
        || after.starts_with(" —")
}
