//! The ways to write what stands between the words of a name: hyphen, space or nothing, "and" in
//! other languages, dots and apostrophes that may be left out.
//!
//! Invariant: knows one folded name.

use super::common_words::is_common;
use super::fold::is_word;

/// Names whose places would give more forms than this have them varied all alike.
const MOST_FORMS: usize = 128;

/// The ways to write what stands between the words of a name.
pub(crate) fn separations(folded: &str) -> Vec<String> {
    let parts = split(folded);
    let count = parts
        .iter()
        .fold(1_usize, |count, part| count.saturating_mul(part.ways.len()));
    let most = parts.iter().map(|part| part.ways.len()).max().unwrap_or(1);
    let mut forms = vec![String::new()];
    if count > MOST_FORMS {
        forms = (0..most)
            .map(|way| parts.iter().map(|part| part.way(way)).collect())
            .collect();
    } else {
        for part in &parts {
            forms = forms
                .iter()
                .flat_map(|form| part.ways.iter().map(move |way| format!("{form}{way}")))
                .collect();
        }
    }
    let joined_is_safe = |form: &String| {
        let is_word = form.chars().all(is_word);
        let is_long = form.len() >= 5 || form.contains(|c: char| c.is_ascii_digit());
        !is_word || form == folded || (is_long && !is_common(form))
    };
    forms.retain(joined_is_safe);
    forms
}

/// A word, or what stands between two, with the ways to write it.
struct Part {
    ways: Vec<String>,
}

impl Part {
    fn fixed(text: &str) -> Self {
        Self {
            ways: vec![text.to_owned()],
        }
    }

    fn any(ways: &[&str]) -> Self {
        Self {
            ways: ways.iter().map(|way| (*way).to_owned()).collect(),
        }
    }

    fn way(&self, index: usize) -> &str {
        self.ways
            .get(index)
            .or(self.ways.first())
            .map_or("", String::as_str)
    }
}

fn split(folded: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = folded;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        if !word.is_empty() {
            parts.push(Part::fixed(word));
        }
        let length = after.find(is_word).unwrap_or(after.len());
        let (between, next) = after.split_at(length);
        if between.is_empty() {
            rest = next;
        } else {
            let (part, length) = separator(word, between, next, parts.is_empty());
            parts.push(part);
            rest = next.get(length..).unwrap_or_default();
        }
    }
    parts
}

/// "And" between two words, in the languages of questions and their neighbours.
const AND: &[&str] = &[
    " & ", "&", " and ", " y ", " und ", " et ", " en ", " och ", " og ", " eta ", " e ", " i ",
    " ja ", " и ",
];
/// Those of them that may stand between initials: "h e m" would be found in other words' letters.
const AND_OF_INITIALS: usize = 10;
/// As they stand in names.
const CONJUNCTIONS: &[&str] = &[
    "and ", "y ", "und ", "et ", "en ", "och ", "og ", "eta ", "e ", "i ", "ja ", "и ",
];

/// The ways to write `between`, which stands behind `word`, and how much of what follows belongs
/// to it.
fn separator(word: &str, between: &str, next: &str, is_first: bool) -> (Part, usize) {
    if next.is_empty() {
        let part = match between {
            "!" | "?" | "." => Part::any(&[between, ""]),
            _ => Part::fixed(between),
        };
        return (part, 0);
    }
    if is_first {
        return (Part::fixed(between), 0);
    }
    let conjunction = CONJUNCTIONS.iter().find(|known| {
        let behind = next.strip_prefix(**known);
        behind.is_some_and(|behind| behind.starts_with(is_word))
    });
    match (between, conjunction) {
        (" ", Some(conjunction)) => {
            let behind = next.get(conjunction.len()..).unwrap_or_default();
            (and(word, behind), conjunction.len())
        }
        // A hyphen may end a line.
        (" ", _) => (Part::any(&[" ", "-", ""]), 0),
        ("-", _) => (Part::any(&["-", " ", "", "- "]), 0),
        ("&" | " & ", _) => (and(word, next), 0),
        ("'", _) => (Part::any(&["'", ""]), 0),
        (". ", _) => (Part::any(&[". ", " "]), 0),
        _ => (Part::fixed(between), 0),
    }
}

/// The ways to write "and" between two words.
fn and(before: &str, behind: &str) -> Part {
    let is_initial = |letters: usize| letters <= 2;
    let first = behind.chars().take_while(|c| is_word(*c)).count();
    if is_initial(before.chars().count()) || is_initial(first) {
        Part::any(AND.get(..AND_OF_INITIALS).unwrap_or(AND))
    } else {
        Part::any(AND)
    }
}
