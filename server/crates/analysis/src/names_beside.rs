//! Names in lists beside an entity that belong to no entity yet: who else is recommended.
//!
//! Invariant: a name is the head of an item of a real list. The rest of the item gives no names. No
//! part of a name that somebody follows is a name, nor are the words of the question.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::alias::{Alias, name_key};
use super::boundaries::is_unspaced;
use super::fold::fold;
use super::heads;
use super::legal_forms;
use super::lists::{Lists, Series};
use super::matcher::NameMatch;
use super::structure::Document;
use super::variants::{self, Capitals};

/// A name is at most so long, in characters and in words; a longer head is a sentence.
const LONGEST: usize = 48;
const MOST_WORDS: usize = 4;
/// Answers that are kept as examples of one name.
const EXAMPLES: usize = 5;

/// Where a name ends if nothing marks it up: what follows is about it.
const ENDS: &[&str] = &[
    ":", " - ", " – ", " — ", "—", " (", "[", ", ", "; ", ". ", "! ", "? ", " | ", "：", "（",
    "，", "。", " → ", " = ", "<", "\n",
];
/// What marks up a name at the start of an item, and how that ends.
const MARKS: &[(&str, &str)] = &[
    ("**", "**"),
    ("__", "__"),
    ("[", "]"),
    ("`", "`"),
    ("*", "*"),
];
/// Small words that stand inside of names.
const BETWEEN: &[&str] = &[
    "a", "and", "by", "da", "de", "del", "der", "di", "do", "du", "e", "et", "for", "für", "la",
    "le", "of", "por", "the", "und", "van", "von", "y",
];
/// Words that begin heads which name nobody: summaries, properties, the rest of a list.
#[rustfmt::skip] // a table, not a list of lines
const NOBODY: &[&str] = &[
    "a", "advantages", "also", "alternatives", "an", "any", "avoid", "benefits", "best", "bonus",
    "budget", "check", "choose", "compare", "con", "conclusion", "cons", "consider", "cost",
    "disadvantages", "ease", "easy", "features", "final", "finally", "for", "free", "honorable",
    "how", "if", "in", "it", "key", "look", "many", "more", "most", "my", "none", "not", "note",
    "open", "other", "others", "our", "overall", "price", "prices", "pricing", "pro", "pros",
    "quality", "recommendation", "runner", "security", "see", "several", "some", "strengths",
    "summary", "support", "the", "these", "they", "this", "tip", "tips", "to", "use", "user",
    "various", "verdict", "weaknesses", "what", "when", "who", "why", "you", "your", "algunas",
    "algunos", "alternativas", "aunque", "busca", "caracteristicas", "coste", "compara",
    "conclusion", "considera", "consejo", "contras", "costo", "cuando", "desventajas", "el",
    "elige", "en", "es", "esta", "este", "facilidad", "gratis", "hay", "la", "las", "los", "mas",
    "mejor", "muchas", "muchos", "ninguna", "ninguno", "no", "nota", "opciones", "otra", "otras",
    "otro", "otros", "para", "por", "precio", "precios", "que", "resumen", "seguridad", "si",
    "soporte", "su", "tu", "un", "una", "varias", "varios", "ventajas",
];

/// The entities that are followed already, and the question. Names in either are not new.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Where names stand in the text.
    pub(crate) matches: &'a [NameMatch],
    pub(crate) parts: &'a NameParts,
    /// The words of the question.
    pub(crate) asked: &'a AskedWords,
}

/// All runs of whole words within names: of "Acme Cloud Suite" also "Acme" and "Cloud Suite".
#[derive(Debug, Default)]
pub(crate) struct NameParts(HashSet<String>);

impl NameParts {
    /// Longer names are sentences, and would have too many parts.
    const MOST_WORDS: usize = 12;

    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a Alias>) -> Self {
        let mut parts = HashSet::new();
        for name in names {
            let spellings = variants::of_name(&name.text).into_iter();
            // "HubSpot" is of two words, too.
            let whole =
                spellings.filter(|found| found.is_own || found.capitals == Capitals::EachWord);
            for spelling in whole {
                let words: Vec<&str> = words_of(&spelling.folded).take(Self::MOST_WORDS).collect();
                for start in 0..words.len() {
                    for end in start + 1..=words.len() {
                        parts.insert(words.get(start..end).unwrap_or_default().join(" "));
                    }
                }
            }
        }
        Self(parts)
    }

    /// Whether a folded name is one of them.
    fn have(&self, name: &str) -> bool {
        self.0
            .contains(&words_of(name).collect::<Vec<_>>().join(" "))
    }
}

/// What a question says.
#[derive(Debug, Default)]
pub(crate) struct AskedWords {
    folded: String,
    words: HashSet<String>,
}

impl AskedWords {
    pub(crate) fn of(question: &str) -> Self {
        let folded = fold(question);
        let words = words_of(&folded).flat_map(stems).collect();
        Self { folded, words }
    }

    /// Whether a folded name is nothing but words of the question, in any number.
    fn have(&self, name: &str) -> bool {
        if name.contains(is_unspaced) {
            return self.folded.contains(name);
        }
        let mut words = words_of(name)
            .filter(|word| !BETWEEN.contains(word))
            .peekable();
        let is_asked = |word: &str| stems(word).any(|stem| self.words.contains(&stem));
        words.peek().is_some() && words.all(is_asked)
    }
}

fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// What plurals end in, and what stands there in the singular: English "agencies", Spanish
/// "luces", "buses" and "hoteles", "tools" and "bancos".
const PLURALS: &[(&str, &str)] = &[("ies", "y"), ("ces", "z"), ("es", ""), ("s", "")];
/// Letters before an "es" that makes a plural; before others the e is the word's own ("notes").
const BEFORE_ES: &[char] = &['d', 'h', 'j', 'l', 'n', 'o', 'r', 's', 'x', 'y', 'z'];

/// A word, and what it may be the plural of. "Buses" and "houses" end alike, so that each has
/// several: two words are one in another number where they share one.
fn stems(word: &str) -> impl Iterator<Item = String> {
    let singular = |&(plural, singular): &(&str, &str)| {
        let stem = word.strip_suffix(plural)?;
        let is_one = plural != "es" || stem.ends_with(BEFORE_ES);
        (is_one && stem.len() + singular.len() > 2).then(|| format!("{stem}{singular}"))
    };
    let singulars: Vec<String> = PLURALS.iter().filter_map(singular).collect();
    std::iter::once(word.to_owned()).chain(singulars)
}

/// The names in `text`, in their order, each once. They are the items without a known entity at
/// their head, in lists where `entity` heads an item. `document` is `text` as it was read.
pub(crate) fn names(
    document: &Document,
    text: &str,
    known: Known<'_>,
    entity: usize,
) -> Vec<String> {
    let visible = document.text.text();
    let lists = Lists::of(document);
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for series in lists.all() {
        let is_listing = series.is_list(visible) && !series.lead.avoids;
        if !is_listing || series.argues(visible, known.matches) {
            continue;
        }
        let mut heads = series.heads(visible, known.matches);
        if !heads.any(|(_, head)| head.entity == entity) {
            continue;
        }
        for name in free_heads(document, text, known, series) {
            if seen.insert(name_key(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// What heads the items of `series` that no entity heads.
fn free_heads<'a>(
    document: &'a Document,
    text: &'a str,
    known: Known<'a>,
    series: &'a Series,
) -> impl Iterator<Item = String> + 'a {
    let visible = document.text.text();
    let matches = known.matches;
    series.entries.iter().filter_map(move |entry| {
        let line = entry.head.as_ref()?;
        if heads::of_line(visible, line, matches).is_some() {
            return None;
        }
        let start = heads::after_label(visible, line);
        let place = document.text.raw_range(start..line.end);
        let place = head_of(text, place)?;
        let raw = |found: &NameMatch| document.text.raw_range(found.span.clone());
        // They ascend and do not overlap: the first that ends behind the start decides.
        let next = matches.partition_point(|found| raw(found).end <= place.start);
        if matches
            .get(next)
            .is_some_and(|found| raw(found).start < place.end)
        {
            return None;
        }
        let name = text
            .get(place)?
            .trim_end_matches(['.', ',', '*', '_', '"', ' ']);
        // First of all, as what is no name may be as long as an answer.
        if !is_name(name) {
            return None;
        }
        let key = name_key(legal_forms::without(name).unwrap_or(name));
        let is_known = known.parts.have(&key) || known.asked.have(&key);
        (!is_known).then(|| name.to_owned())
    })
}

/// The part of an item's line that can be a name: the marked-up text at its start, or the text
/// before the first sign that ends a name.
fn head_of(text: &str, line: Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(line.clone())?;
    let start = line.start + whole.find(char::is_alphanumeric)?;
    let rest = text.get(start..line.end)?;
    let before = text.get(..start)?.trim_end_matches(['"', '\'', '“', '«']);
    let marked = MARKS
        .iter()
        .find(|(open, _)| before.ends_with(open))
        .and_then(|(_, close)| rest.find(close));
    let ended = ENDS.iter().filter_map(|end| rest.find(end)).min();
    let end = marked.into_iter().chain(ended).min().unwrap_or(rest.len());
    Some(start..start + end)
}

/// Whether a head looks like a name. It is short. Each word has a capital if its script has any,
/// except for small words in between. Its first word is none of those that begin something other
/// than a name.
fn is_name(head: &str) -> bool {
    let words = head.split_whitespace().count();
    let length = head.chars().count();
    let key = name_key(head);
    let first_word = key.split(|c: char| !c.is_alphanumeric()).next();
    (2..=LONGEST).contains(&length)
        && (1..=MOST_WORDS).contains(&words)
        && head
            .split_whitespace()
            .zip(0..)
            .all(|(word, at)| is_part(word, at))
        && head.chars().any(char::is_alphabetic)
        && !head.contains(['*', '[', ']', '<', '>', '|', '{', '}'])
        && !head.contains(char::is_control)
        && !first_word.is_some_and(|word| NOBODY.contains(&word))
}

/// Whether `word` can be the one at place `at` of a name. "eBay" and "monday.com" can: a small
/// first letter may be a brand's own way.
fn is_part(word: &str, at: usize) -> bool {
    let first = word.chars().find(|c| c.is_alphanumeric());
    first.is_none_or(|first| !first.is_lowercase())
        || word.contains('.')
        || word.chars().any(char::is_uppercase)
        || (at > 0 && BETWEEN.contains(&word))
}

/// Counts, over answers, the names that stand beside an entity.
#[derive(Debug, Default)]
pub struct NamesBeside {
    names: BTreeMap<String, Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    spellings: BTreeMap<String, u32>,
    answers: u32,
    examples: Vec<i64>,
}

/// A name that stands beside an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameBeside {
    /// As it is spelled most often.
    pub name: String,
    /// Answers that have it.
    pub answers: u32,
    /// Some of them, in the order in which they were counted.
    pub examples: Vec<i64>,
}

impl NamesBeside {
    /// Counts the names of one answer, as [`Detector::names_beside`] gives them.
    ///
    /// [`Detector::names_beside`]: super::Detector::names_beside
    pub fn count(&mut self, answer: i64, names: Vec<String>) {
        for name in names {
            let counted = self.names.entry(name_key(&name)).or_default();
            counted.answers += 1;
            if counted.examples.len() < EXAMPLES {
                counted.examples.push(answer);
            }
            *counted.spellings.entry(name).or_default() += 1;
        }
    }

    /// The names: those of most answers first, then by the alphabet.
    pub fn finish(self) -> Vec<NameBeside> {
        let counted = self.names.into_values();
        let mut names: Vec<NameBeside> = counted.filter_map(Counted::finish).collect();
        names.sort_by(|a, b| b.answers.cmp(&a.answers).then_with(|| a.name.cmp(&b.name)));
        names
    }
}

impl Counted {
    fn finish(self) -> Option<NameBeside> {
        // The first of the most frequent ones: the map is in order, so this does not depend on
        // that of the answers.
        let most = *self.spellings.values().max()?;
        let (name, _) = self
            .spellings
            .into_iter()
            .find(|(_, count)| *count == most)?;
        Some(NameBeside {
            name,
            answers: self.answers,
            examples: self.examples,
        })
    }
}
