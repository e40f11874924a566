//! The spellings under which a name counts.
//!
//! Invariant: knows names, no text. Every spelling is folded.

use std::collections::BTreeMap;

use super::boundaries::is_unspaced;
use super::common_words::is_common;
use super::fold::{fold, is_word};
use super::genitives::genitives;
use super::legal_forms;
use super::separations::separations;

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
/// is left demands the capitals that it would as a name of its own ("Apple", "HP"); one letter
/// is nobody's name.
fn without_legal_form(name: &str) -> Vec<Spelling> {
    let Some(bare) = legal_forms::without(name) else {
        return Vec::new();
    };
    let folded = fold(bare).trim().to_owned();
    let letters = folded.chars().filter(|c| is_word(*c)).count();
    if letters < 2 {
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

/// Which capitals a folded name demands.
pub(super) fn capitals_of(folded: &str) -> Capitals {
    if is_short(folded) {
        Capitals::Exact
    } else if is_common(folded) {
        Capitals::Some
    } else {
        Capitals::Free
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
            ("X Corp.", "x"),
            ("GmbH", ""),
        ] {
            assert!(!has(name, form), "{name} as {form}");
        }
    }

    #[test]
    fn without_its_legal_form_a_name_demands_the_capitals_of_the_rest() {
        for (name, form, capitals) in [
            ("Apple Inc.", "apple", Capitals::Some),
            ("Stripe, Inc.", "stripe", Capitals::Some),
            ("Meta AG", "meta", Capitals::Some),
            ("SAP SE", "sap", Capitals::Some),
            ("HP Inc.", "hp", Capitals::Exact),
            ("Kipu GmbH", "kipu", Capitals::Free),
        ] {
            let found = of_name(name);
            let bare = found.iter().find(|spelling| spelling.folded == form);
            assert_eq!(bare.map(|bare| bare.capitals), Some(capitals), "{name}");
        }
    }

    #[test]
    fn names_without_letters_have_no_spelling() {
        for name in ["", "  ", "!!!", "\u{200B}", "🚀"] {
            assert!(spellings(name).is_empty(), "{name:?}");
        }
    }
}
