//! Tells English from Spanish.

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

    /// The language of `text` by its small words and those of the lexicon; none if it seems to be neither.
    pub fn of(text: &str) -> Option<Self> {
        let mut end = text.len().min(BYTES_READ);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let (english, spanish) = (lexicon::of(Self::English), lexicon::of(Self::Spanish));
        let (mut words, mut of_english, mut of_spanish) = (0, 0, 0);
        scan::words(text.get(..end).unwrap_or_default(), |hash| {
            words += 1;
            of_english += english.familiarity(hash);
            of_spanish += spanish.familiarity(hash);
        });
        let (best, language) = if of_spanish > of_english {
            (of_spanish, Self::Spanish)
        } else {
            (of_english, Self::English)
        };
        (words < FEW_WORDS || best * SPARSEST >= words).then_some(language)
    }
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
    fn codes_with_regions_are_understood() {
        assert_eq!(Language::from_code("es-AR"), Some(Language::Spanish));
        assert_eq!(Language::from_code("EN"), Some(Language::English));
        assert_eq!(Language::from_code("de"), None);
    }
}
