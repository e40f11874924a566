//! Names that stand in a list beside an entity and are nobody's: who else is recommended.
//!
//! Invariant: only items of real lists give names, by what heads them; what an item says about
//! its name gives none.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::alias::name_key;
use super::heads;
use super::lists::{Lists, Series};
use super::matcher::NameMatch;
use super::structure::Document;

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

/// The names of `text`, which `document` was read from, in the order in which they stand: of
/// each list that `entity` heads an item of, the items that nobody heads. Each once.
pub(crate) fn names(
    document: &Document,
    text: &str,
    matches: &[NameMatch],
    entity: usize,
) -> Vec<String> {
    let visible = document.text.text();
    let lists = Lists::of(document);
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for series in lists.all() {
        if !series.is_list(visible) || series.argues(visible, matches) {
            continue;
        }
        let mut heads = series.heads(visible, matches);
        if !heads.any(|(_, head)| head.entity == entity) {
            continue;
        }
        for name in free_heads(document, text, matches, series) {
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
    matches: &'a [NameMatch],
    series: &'a Series,
) -> impl Iterator<Item = String> + 'a {
    let visible = document.text.text();
    series.entries.iter().filter_map(move |entry| {
        let line = entry.head.as_ref()?;
        if heads::of_line(visible, line, matches).is_some() {
            return None;
        }
        let start = heads::after_label(visible, line);
        let place = document.text.raw_range(start..line.end);
        let place = head_of(text, place)?;
        let is_somebodys = matches.iter().any(|found| {
            let found = document.text.raw_range(found.span.clone());
            found.start < place.end && place.start < found.end
        });
        if is_somebodys {
            return None;
        }
        let name = text
            .get(place)?
            .trim_end_matches(['.', ',', '*', '_', '"', ' ']);
        is_name(name).then(|| name.to_owned())
    })
}

/// The part of an item's line that can be a name: what is marked up at its start, or what stands
/// before the first thing that ends a name.
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

/// Whether a head looks like a name: short, each word with a capital (where its script has any)
/// but for small ones between them, and no word that begins what names nobody.
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
