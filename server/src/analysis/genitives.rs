//! Genitives that are written as one word with a name, beside those with an s that plurals give:
//! "SAPs", "Kipuren", "Globexu", "Яндекса". What stands behind an apostrophe, a hyphen or a
//! colon ("Kipu'nun") ends the name anyway.
//!
//! Invariant: each demands a capital, as it may be another word without one.

use super::common_words::is_common;
use super::variants::Capitals;

/// A name with an ending.
pub(crate) struct Genitive {
    pub(crate) folded: String,
    pub(crate) capitals: Capitals,
    /// The letters that a text must have where all must be as in the name.
    pub(crate) written: String,
}

/// Shorter words with an ending are other words too often, in letters.
const SHORTEST: usize = 4;
/// The same for what Polish adds to consonants.
const SHORTEST_IN_POLISH: usize = 5;

/// The genitives of `name`, which is `folded` in folded form.
pub(crate) fn genitives(name: &str, folded: &str, capitals: Capitals) -> Vec<Genitive> {
    let is_letters = name.chars().all(char::is_alphabetic);
    let is_acronym = (2..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase());
    if is_acronym && capitals != Capitals::Some {
        return vec![Genitive {
            folded: format!("{folded}s"),
            capitals: Capitals::Exact,
            written: format!("{name}s"),
        }];
    }
    if !is_letters || capitals != Capitals::Free || name.chars().count() < SHORTEST {
        return Vec::new();
    }
    let Some(last) = name
        .chars()
        .next_back()
        .and_then(|c| c.to_lowercase().next())
    else {
        return Vec::new();
    };
    let forms = if folded.is_ascii() {
        latin(folded)
    } else {
        cyrillic(folded, last).into_iter().collect()
    };
    forms
        .into_iter()
        .filter(|form| !is_common(form))
        .map(|folded| Genitive {
            folded,
            capitals: Capitals::EachWord,
            written: name.to_owned(),
        })
        .collect()
}

/// Basque behind vowels, Polish behind consonants.
fn latin(folded: &str) -> Vec<String> {
    if folded.ends_with(['a', 'e', 'i', 'o', 'u']) {
        return vec![format!("{folded}ren")];
    }
    if folded.len() < SHORTEST_IN_POLISH {
        return Vec::new();
    }
    let mut forms = vec![format!("{folded}u")];
    if folded.ends_with(['k', 'x']) {
        forms.push(format!("{folded}a"));
    }
    forms
}

/// Russian, by the last letter of the name before it was folded.
fn cyrillic(folded: &str, last: char) -> Option<String> {
    let stem = |length: usize| folded.get(..folded.len() - length);
    match last {
        'й' | 'ь' => Some(format!("{}я", stem('и'.len_utf8())?)),
        'я' => Some(format!("{}и", stem('я'.len_utf8())?)),
        'а' => {
            let stem = stem('а'.len_utf8())?;
            let ending = if stem.ends_with(['г', 'к', 'х', 'ж', 'ш', 'ч', 'щ']) {
                'и'
            } else {
                'ы'
            };
            Some(format!("{stem}{ending}"))
        }
        'б'..='д' | 'ж' | 'з' | 'к'..='н' | 'п'..='т' | 'ф'..='щ' => {
            Some(format!("{folded}а"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(name: &str) -> Vec<String> {
        let folded = super::super::fold::fold(name);
        let found = genitives(name, &folded, Capitals::Free);
        found.into_iter().map(|form| form.folded).collect()
    }

    #[test]
    fn endings_of_names() {
        for (name, expected) in [
            ("Kipu", &["kipuren"][..]),
            ("Globex", &["globexu", "globexa"]),
            ("Zalando", &["zalandoren"]),
            ("Orlen", &["orlenu"]),
            ("SAP", &["saps"]),
            ("Яндекс", &["яндекса"]),
            ("Сбербанк", &["сбербанка"]),
            ("Лента", &["ленты"]),
            ("Аптека", &["аптеки"]),
            ("Алтай", &["алтая"]),
            ("Сибирь", &["сибиря"]),
            ("Авито", &[]),
            ("Acme Cloud", &[]),
            ("Kia", &[]),
            ("小米科技", &[]),
        ] {
            assert_eq!(forms(name), expected, "{name}");
        }
    }
}
