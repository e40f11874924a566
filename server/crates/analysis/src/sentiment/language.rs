//! Tells English from Spanish, and both from what the classifier does not read.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon;
use super::scan;

/// A language that the classifier reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// Small words of languages that are near enough to be taken for one of ours: German, French,
/// Italian, Portuguese.
const FOREIGN: [&str; 4] = [
    "der die das und ist sind ein eine einen einem nicht mit fur auf von zu sich auch als wird im \
     dem den bei oder aber wir ich sie hat kann nach aus sehr mehr zum zur wie es",
    "le la les et est un une des du de pour avec dans pas que qui sur plus ce cette sont nous vous \
     il elle ou mais au aux par en tres je c'est l'un d'une son ses leur ne",
    "il lo la gli le e di che un uno una per con non sono del della dei delle nel nella piu anche \
     ma si da come questo questa molto ed ha l'app al alla tra",
    "o os e de que um uma para com nao da dos das em na nos nas mais por se sao muito \
     tambem mas ao ou voce seu sua tem foi pelo pela eu sem",
];

/// How much of a text decides on its language.
const BYTES_READ: usize = 4096;
/// Below so many words any text is taken.
const FEW_WORDS: usize = 12;
/// One word in so many must be of the language (a function word counts twice).
const SPARSEST: usize = 6;

impl Language {
    /// From a code such as `en`, `en-GB` or `es_MX`; none for other languages.
    pub fn from_code(code: &str) -> Option<Self> {
        let language = code.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else if language.eq_ignore_ascii_case("es") {
            Some(Self::Spanish)
        } else {
            None
        }
    }

    /// The language of `text` by its small words and those of the lexicon; none if it seems to
    /// be neither.
    pub fn of(text: &str) -> Option<Self> {
        let mut end = text.len().min(BYTES_READ);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let start = text.get(..end).unwrap_or_default();
        if is_mostly_of_another_script(start) {
            return None;
        }
        let (english, spanish) = (lexicon::of(Self::English), lexicon::of(Self::Spanish));
        let (mut words, mut of_english, mut of_spanish) = (0, 0, 0);
        let mut of_foreign = [0; FOREIGN.len()];
        let mut count = |hash| {
            words += 1;
            of_english += english.familiarity(hash);
            of_spanish += spanish.familiarity(hash);
            let languages = FOREIGN_WORDS.get(&hash).copied().unwrap_or_default();
            for (index, sum) in of_foreign.iter_mut().enumerate() {
                *sum += usize::from(languages >> index & 1) * 2;
            }
        };
        prose(start, |text| scan::words(text, &mut count));
        let (best, language) = if of_spanish > of_english {
            (of_spanish, Self::Spanish)
        } else {
            (of_english, Self::English)
        };
        if of_foreign.iter().any(|sum| *sum > best) {
            return None;
        }
        (words < FEW_WORDS || best * SPARSEST >= words).then_some(language)
    }
}

/// The languages of [`FOREIGN`] that have a word, one bit each, by its hash.
static FOREIGN_WORDS: LazyLock<HashMap<u64, u8>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (index, list) in FOREIGN.iter().enumerate() {
        for word in list.split_whitespace() {
            *words.entry(lexicon::hash(word)).or_default() |= 1 << index;
        }
    }
    words
});

/// Calls `each` with the stretches of `text` that are neither tags nor addresses.
fn prose<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', ']', ':']) {
        let (before, after) = rest.split_at(at);
        each(before);
        let end = if after.starts_with("](") {
            after.find(')')
        } else if after.starts_with("://") {
            after.find(char::is_whitespace)
        } else if after.starts_with('<') {
            after
                .find(['>', '\n'])
                .filter(|end| after.as_bytes().get(*end) == Some(&b'>'))
        } else {
            None
        };
        rest = after.get(end.unwrap_or(1)..).unwrap_or_default();
    }
    each(rest);
}

/// Whether Latin letters are few beside others; a letter of Chinese says more than one of ours.
fn is_mostly_of_another_script(text: &str) -> bool {
    let (mut latin, mut others) = (0_usize, 0_usize);
    for c in text.chars() {
        if c.is_ascii_alphabetic() || ('\u{C0}'..='\u{24F}').contains(&c) {
            latin += 1;
        } else if c.is_alphabetic() {
            others += 1;
        }
    }
    others * 2 > latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_decide() {
        for (text, language) in [
            (
                "Kipu is one of the tools that teams like.",
                Some(Language::English),
            ),
            (
                "Kipu es una de las herramientas que más gustan.",
                Some(Language::Spanish),
            ),
            ("", Some(Language::English)),
            (
                "Kipu jest jednym z narzędzi które lubią małe zespoły bo działa szybko dobrze tanio",
                None,
            ),
        ] {
            assert_eq!(Language::of(text), language, "{text}");
        }
    }

    #[test]
    fn a_short_text_in_another_language_is_not_taken_for_ours() {
        for text in [
            "Kipu ist gut.",
            "Kipu est un excellent outil.",
            "Kipu è uno strumento eccellente per le fatture.",
            "Kipu é uma ferramenta excelente e muito rápida.",
            "Kipu是一个很好的工具",
            "Kipu — отличный инструмент.",
            "أداة Kipu ممتازة جدا",
        ] {
            assert_eq!(Language::of(text), None, "{text}");
        }
        for (text, language) in [
            ("Kipu is fine.", Language::English),
            ("I recommend Kipu.", Language::English),
            (
                "<ol><li><p>Acme</p></li><li><p><strong>Kipu</strong></p></li></ol>",
                Language::English,
            ),
            (
                "| 1 | [Acme](https://a.example/de/la/que/los/para/con/una) | the best |",
                Language::English,
            ),
            ("No issues with Kipu.", Language::English),
            ("Kipu es una herramienta excelente.", Language::Spanish),
            ("Kipu: buena y barata.", Language::Spanish),
        ] {
            assert_eq!(Language::of(text), Some(language), "{text}");
        }
    }

    #[test]
    fn codes_with_regions_are_understood() {
        assert_eq!(Language::from_code("es-AR"), Some(Language::Spanish));
        assert_eq!(Language::from_code("EN"), Some(Language::English));
        assert_eq!(Language::from_code("de"), None);
    }
}
