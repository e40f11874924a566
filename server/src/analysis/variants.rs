//! The spellings under which a name counts.
//!
//! Invariant: knows names, no text. Every spelling is folded.

use std::collections::BTreeMap;

use super::boundaries::is_unspaced;
use super::common_words::is_common;
use super::fold::{fold, is_word};
use super::genitives::genitives;
use super::legal_forms;

/// Which way of writing capitals a spelling demands of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Capitals {
    /// Any.
    Free,
    /// At least one: the word is a common one too.
    Some,
    /// At the start of every word: a name written as one word was taken apart ("`HubSpot`").
    EachWord,
    /// Exactly as in the name: it is too short to be known otherwise.
    Exact,
    /// The letters of the name as they are there, in all variants: its owner wants it so.
    AsWritten,
}

/// A spelling in folded form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    pub(crate) folded: String,
    pub(crate) capitals: Capitals,
    /// The alias or name that it comes from, as given.
    pub(crate) written: String,
    /// Whether it is the alias itself, not a variant.
    pub(crate) is_own: bool,
}

/// A name longer than this (folded, in bytes) is not looked for.
const LONGEST_NAME: usize = 500;

/// Names whose places would give more forms than this have them varied all alike.
const MOST_FORMS: usize = 128;

/// All spellings of `name`, the name itself first; none where it has neither letter nor digit.
pub(crate) fn of_name(name: &str) -> Vec<Spelling> {
    let name = &without_emoji(name);
    let folded = fold(name).trim().to_owned();
    if folded.len() > LONGEST_NAME || !folded.chars().any(char::is_alphanumeric) {
        return Vec::new();
    }
    let capitals = capitals_of(&folded);
    let mut found = BTreeMap::new();
    for form in separations(&folded) {
        for form in with_umlauts(&form, name).into_iter().chain([form]) {
            let capitals = if is_short(&form) {
                Capitals::Exact
            } else {
                capitals
            };
            found.insert(form, capitals);
        }
    }
    if capitals != Capitals::Exact {
        for form in taken_apart(name) {
            found.entry(form).or_insert(Capitals::EachWord);
        }
    }
    if capitals == Capitals::Free {
        let singular: Vec<_> = found
            .iter()
            .map(|(form, caps)| (form.clone(), *caps))
            .collect();
        for (form, caps) in singular {
            for plural in plurals(&form) {
                found.entry(plural).or_insert(caps);
            }
        }
    }
    let mut spellings = vec![Spelling {
        folded: folded.clone(),
        capitals,
        written: name.to_owned(),
        is_own: true,
    }];
    found.remove(&folded);
    let variant = |folded, capitals, written: &str| Spelling {
        folded,
        capitals,
        written: written.to_owned(),
        is_own: false,
    };
    spellings.extend(
        found
            .into_iter()
            .map(|(folded, capitals)| variant(folded, capitals, name)),
    );
    spellings.extend(
        genitives(name, &folded, capitals)
            .into_iter()
            .map(|form| variant(form.folded, form.capitals, &form.written)),
    );
    spellings.extend(without_legal_form(name));
    spellings
}

/// The spellings of a name without its legal form, and of both as they are written apart. What
/// would be left must be known without it: no word of everybody's, and longer than two letters.
fn without_legal_form(name: &str) -> Vec<Spelling> {
    let Some(bare) = legal_forms::without(name) else {
        return Vec::new();
    };
    let folded = fold(bare).trim().to_owned();
    let letters = folded.chars().filter(|c| is_word(*c)).count();
    if is_short(&folded) || is_common(&folded) || letters < 2 {
        return Vec::new();
    }
    let form = name.trim().strip_prefix(bare).unwrap_or_default();
    let form = fold(form.trim_matches([' ', ',']));
    let plain = form.replace('.', "");
    let mut spellings = of_name(bare);
    for spelling in &mut spellings {
        spelling.is_own = false;
    }
    if !plain.is_empty() && form.starts_with(is_word) {
        for between in [" ", ", "] {
            for form in [&form, &plain] {
                spellings.push(Spelling {
                    folded: format!("{folded}{between}{form}"),
                    capitals: Capitals::Free,
                    written: name.to_owned(),
                    is_own: false,
                });
            }
        }
    }
    spellings
}

/// The folded spellings under which `name` counts, the name itself first.
pub fn spellings(name: &str) -> Vec<String> {
    of_name(name)
        .into_iter()
        .map(|found| found.folded)
        .collect()
}

/// The spellings of a phrase that only tells of a name: also with an s at its end.
pub(crate) fn of_phrase(phrase: &str) -> Vec<Spelling> {
    let mut spellings = of_name(phrase);
    let plurals: Vec<_> = spellings
        .iter()
        .filter(|spelling| spelling.folded.ends_with(|c: char| c.is_ascii_alphabetic()))
        .map(|spelling| Spelling {
            folded: format!("{}s", spelling.folded),
            is_own: false,
            ..spelling.clone()
        })
        .collect();
    spellings.extend(plurals);
    spellings
}

/// `name` without pictures and the space around it.
fn without_emoji(name: &str) -> String {
    let is_emoji = |c: char| {
        matches!(c,
            '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
            | '\u{FE0F}' | '\u{200D}')
    };
    let plain: String = name.chars().filter(|c| !is_emoji(*c)).collect();
    plain.trim().to_owned()
}

/// One or two letters, and no sign between or behind them that makes them known.
fn is_short(folded: &str) -> bool {
    let words = folded.chars().filter(|c| is_word(*c)).count();
    let is_sign = |c: char| !is_word(c) && !matches!(c, ' ' | '.' | '-' | '\'');
    words <= 2 && !folded.contains(is_unspaced) && !folded.contains(is_sign)
}

fn capitals_of(folded: &str) -> Capitals {
    if is_short(folded) {
        Capitals::Exact
    } else if is_common(folded) {
        Capitals::Some
    } else {
        Capitals::Free
    }
}

/// The ways to write what stands between the words of a name.
fn separations(folded: &str) -> Vec<String> {
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

/// German umlauts written out: "Müller" as "mueller".
fn with_umlauts(form: &str, name: &str) -> Option<String> {
    if !name.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) || name.contains(char::is_whitespace) {
        return None;
    }
    let mut written_out = String::new();
    for c in name.chars() {
        match c {
            'ä' | 'Ä' => written_out.push_str("ae"),
            'ö' | 'Ö' => written_out.push_str("oe"),
            'ü' | 'Ü' => written_out.push_str("ue"),
            _ => written_out.push(c),
        }
    }
    let written_out = fold(&written_out);
    (written_out != form).then_some(written_out)
}

/// "`HubSpot`" as "hub spot" and "hub-spot", "Office365" as "office 365".
fn taken_apart(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    if !characters.iter().all(|c| c.is_alphanumeric()) {
        return Vec::new();
    }
    let mut words: Vec<String> = vec![String::new()];
    for (index, &c) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| characters.get(at));
        let begins = before.is_some_and(|before| {
            (before.is_lowercase() && c.is_uppercase())
                || (before.is_alphabetic() && c.is_ascii_digit())
        });
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let short = words
        .iter()
        .any(|word| word.chars().count() < 2 && !word.starts_with(|c: char| c.is_ascii_digit()));
    if words.len() < 2 || words.len() > 4 || short {
        return Vec::new();
    }
    [" ", "-"]
        .iter()
        .map(|between| fold(&words.join(between)))
        .collect()
}

/// The plurals of a name whose last word is long enough to have safe ones, as English, Spanish,
/// French and German make them.
fn plurals(form: &str) -> Vec<String> {
    let last = form.rsplit(|c: char| !c.is_alphabetic()).next();
    let last = last.unwrap_or_default();
    if last.len() < 4 || !last.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let hisses = last.ends_with(['s', 'x', 'z']) || last.ends_with("ch") || last.ends_with("sh");
    let mut endings = vec![if hisses { "es" } else { "s" }];
    let mut turned = None;
    if last.ends_with(['l', 'n', 'r', 'd']) {
        endings.push("es");
    } else if last.ends_with("eau") {
        endings.push("x");
    } else if last.ends_with('z') {
        turned = form.strip_suffix('z').map(|stem| format!("{stem}ces"));
    } else if last.ends_with('y')
        && !["ay", "ey", "oy", "uy"]
            .iter()
            .any(|end| last.ends_with(end))
    {
        turned = form.strip_suffix('y').map(|stem| format!("{stem}ies"));
    }
    endings
        .into_iter()
        .map(|ending| format!("{form}{ending}"))
        .chain(turned)
        .filter(|plural| !is_common(plural))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(name: &str, form: &str) -> bool {
        spellings(name).iter().any(|found| found == form)
    }

    #[test]
    fn variants_that_count() {
        for (name, form) in [
            ("Coca-Cola", "coca cola"),
            ("Coca-Cola", "cocacola"),
            ("Coca Cola", "coca-cola"),
            ("CocaCola", "coca cola"),
            ("AT&T", "at and t"),
            ("Marks and Spencer", "marks & spencer"),
            ("Marks & Spencer", "marks y spencer"),
            ("Smith & Sons", "smith und sons"),
            ("Smith und Sons", "smith & sons"),
            ("Smith och Sons", "smith et sons"),
            ("Dolce e Gabbana", "dolce & gabbana"),
            ("Смит и Сыновья", "смит & сыновья"),
            ("H&M", "h och m"),
            ("Kipu GmbH", "kipu"),
            ("Kipu GmbH", "kipu, gmbh"),
            ("Kipu, Inc.", "kipu"),
            ("Kipu, Inc.", "kipu inc"),
            ("Kipu Cloud S.L.", "kipucloud"),
            ("株式会社キプ", "キプ"),
            ("ООО «Кипу»", "кипу"),
            ("McDonald's", "mcdonalds"),
            ("L'Oréal", "loreal"),
            ("Müller", "mueller"),
            ("Müller", "muller"),
            ("Yahoo!", "yahoo"),
            ("Kipu", "kipus"),
            ("Lynx", "lynxes"),
            ("GPT-5", "gpt 5"),
            ("Office365", "office 365"),
        ] {
            assert!(has(name, form), "{name} as {form}: {:?}", spellings(name));
        }
    }

    #[test]
    fn variants_that_would_be_other_words() {
        for (name, form) in [
            ("C++", "c"),
            (".NET", "net"),
            ("Disney+", "disney"),
            ("AT&T", "att"),
            ("No On", "noon"),
            ("Apple", "apples"),
            ("Ray", "rays"),
            ("3M", "3 m"),
            ("Y Combinator", "& combinator"),
            ("H&M", "h e m"),
            ("Apple Inc.", "apple"),
            ("HP Inc.", "hp"),
            ("GmbH", ""),
        ] {
            assert!(!has(name, form), "{name} as {form}");
        }
    }

    #[test]
    fn names_without_letters_have_no_spelling() {
        for name in ["", "  ", "!!!", "\u{200B}", "🚀"] {
            assert!(spellings(name).is_empty(), "{name:?}");
        }
    }
}
