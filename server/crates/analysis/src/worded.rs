//! Places that a word makes of the number behind it: "No. 1", "Platz 1", "En el puesto n.º 1",
//! "Number one", "место 1".
//!
//! Invariant: looks at the start of one line only.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::decoration;
use super::markers::{Parsed, Style, delimiter, number, starts_name};
use super::ordinals::{self, is_place};

/// Words for a number, beside those for a place.
#[rustfmt::skip] // a table, not a list of lines
const NUMBERS: &[&str] = &[
    "no", "nr", "num", "number", "numero", "nummer", "numer", "numeru", "номер", "номером",
    "zenbakia", "n",
];

/// Words that make a place of a number, unless another word stands before them.
const ONLY_FIRST: &[&str] = &["top", "ranking", "топ", "реитинг"];

/// What may stand before the word, beside what stands before ordinals.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "at", "as", "unter", "onder", "pod", "под", "alla", "nella", "como", "comme", "als",
];

/// At most so many words stand before the word.
const MOST_BEFORE: usize = 2;

/// One to ten, folded, in the languages of questions and in Russian.
#[rustfmt::skip]
const COUNTED: &[[&str; 10]] = &[
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"],
    ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"],
    ["eins", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn"],
    ["uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci"],
    ["um", "dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez"],
    ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"],
    ["jeden", "dwa", "trzy", "cztery", "piec", "szesc", "siedem", "osiem", "dziewiec", "dziesiec"],
    ["u", "dos", "tres", "quatre", "cinc", "sis", "set", "vuit", "nou", "deu"],
    ["un", "dous", "tres", "catro", "cinco", "seis", "sete", "oito", "nove", "dez"],
    ["bat", "bi", "hiru", "lau", "bost", "sei", "zazpi", "zortzi", "bederatzi", "hamar"],
    ["ett", "tva", "tre", "fyra", "fem", "sex", "sju", "atta", "nio", "tio"],
    ["один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"],
];

static COUNTED_WORDS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let languages = COUNTED.iter();
    languages
        .flat_map(|words| words.iter().copied().zip(1..))
        .collect()
});

/// No such word is longer, in bytes.
const LONGEST_WORD: usize = 24;

/// The place in words that a folded text starts with.
pub(crate) fn worded(text: &str) -> Parsed {
    let mut rest = text;
    for before in 0..=MOST_BEFORE {
        if let Some((number, length)) = place(rest, before > 0) {
            return Some((number, Style::Worded, text.len() - rest.len() + length));
        }
        rest = after_word_before(rest)?;
    }
    None
}

/// What stands behind a word that may stand before a place.
fn after_word_before(text: &str) -> Option<&str> {
    let length = ordinals::word_before(text).or_else(|| {
        let (word, after) = first_word(text)?;
        (BEFORE.contains(&word) && after.starts_with(' ')).then_some(word.len())
    })?;
    text.get(length..).map(str::trim_start)
}

/// The letters that a text starts with, and the rest.
fn first_word(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let is_word = (1..=LONGEST_WORD).contains(&end);
    text.split_at_checked(end).filter(|_| is_word)
}

/// The number behind a word for a place, and the length of all of it. `is_inside`: another
/// word stands before it.
fn place(text: &str, is_inside: bool) -> Option<(u32, usize)> {
    let (word, after) = first_word(text)?;
    let is_number = NUMBERS.contains(&word);
    let is_known = is_number || is_place(word) || (!is_inside && ONLY_FIRST.contains(&word));
    if !is_known {
        return None;
    }
    let after = if is_number {
        after_sign(word, after)
    } else {
        after_number_word(after)
    };
    figure(after)
        // "No one" is nobody, and the top three are three.
        .or_else(|| counted(after).filter(|_| is_place(word) || word.len() > "num".len()))
        .map(|(number, rest)| (number, text.len() - rest.len()))
}

/// "Puesto n.º 1", "Platz Nr. 1", "plats nummer ett": a word for a number behind the place.
fn after_number_word(after: &str) -> &str {
    let spaced = after.strip_prefix(' ');
    let second = spaced.and_then(first_word);
    match second {
        Some((word, rest)) if NUMBERS.contains(&word) => after_sign(word, rest),
        _ => after,
    }
}

/// "n.o" and "n°" are one word.
fn after_sign<'a>(word: &str, after: &'a str) -> &'a str {
    let sign = || after.strip_prefix(".o").or_else(|| after.strip_prefix('°'));
    if word == "n" {
        sign().unwrap_or(after)
    } else {
        after
    }
}

/// The number in figures that stands behind a word, and what follows it.
fn figure(after: &str) -> Option<(u32, &str)> {
    let figure = after.trim_start_matches([' ', '#', '.', ':', '-']);
    let (number, length) = number(figure)?;
    let rest = figure.get(length..)?;
    let end = end_of_place(rest).or_else(|| {
        let stands_apart = rest.starts_with(' ') && starts_name(rest);
        stands_apart.then_some(0)
    })?;
    Some((number, rest.get(end..)?))
}

/// The same for a number in letters, behind which a sign or a verb must stand.
fn counted(after: &str) -> Option<(u32, &str)> {
    let (word, rest) = first_word(after.strip_prefix(' ')?)?;
    let number = *COUNTED_WORDS.get(word)?;
    let end = end_of_place(rest)?;
    Some((number, rest.get(end..)?))
}

/// The length of the sign, or of the words, that end a place behind its number.
fn end_of_place(rest: &str) -> Option<usize> {
    if let Some((_, width)) = delimiter(rest) {
        return Some(width);
    }
    if decoration::length(rest) == rest.len() {
        return Some(0);
    }
    let goes_on = rest.starts_with([' ', ',']);
    ordinals::rest_of_phrase(rest).filter(|_| goes_on)
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn words_are_folded() {
        let counted = COUNTED.iter().flatten().copied();
        let others = NUMBERS.iter().chain(ONLY_FIRST).chain(BEFORE).copied();
        for word in counted.chain(others) {
            assert_eq!(fold(word), word);
            assert!(word.len() <= LONGEST_WORD);
        }
        let count = COUNTED.iter().flatten();
        for (word, number) in count.zip((1..=10).cycle()) {
            assert_eq!(COUNTED_WORDS.get(word), Some(&number), "{word}");
        }
    }

    #[test]
    fn places_in_words_of_every_language() {
        for line in [
            "No. 2: Kipu",
            "Number two: Kipu",
            "At number 2: Kipu",
            "Rank two - Kipu",
            "Number two pick: Kipu",
            "Spot 2: Kipu",
            "Choice 2: Kipu",
            "En el puesto 2: Kipu",
            "Puesto n.º 2: Kipu",
            "En el número dos, Kipu",
            "En 2. position: Kipu",
            "Numéro deux : Kipu",
            "Choix 2 : Kipu",
            "Auf Platz 2: Kipu",
            "Auf Rang 2: Kipu",
            "Platz zwei: Kipu",
            "Platz Nr. 2: Kipu",
            "Auf Platz 2 landet Kipu",
            "Alla posizione 2: Kipu",
            "Numero due: Kipu",
            "Scelta 2: Kipu",
            "Opção 2: Kipu",
            "Na posição 2: Kipu",
            "Op plaats 2: Kipu",
            "Op nummer 2: Kipu",
            "Keuze 2: Kipu",
            "Na miejscu 2: Kipu",
            "Numer dwa: Kipu",
            "Al lloc 2: Kipu",
            "Número dous: Kipu",
            "Aukera 2: Kipu",
            "På plats 2: Kipu",
            "På plats nummer två: Kipu",
            "Вариант 2: Kipu",
            "На месте 2: Kipu",
            "Номер два: Kipu",
            "Топ 2: Kipu",
        ] {
            let folded = fold(line);
            let found = super::super::markers::parse(&folded, false);
            let marker = found.unwrap_or_else(|| panic!("{line}"));
            assert_eq!(marker.number, 2, "{line}");
            let head = folded[marker.length..].trim_start_matches([' ', ':', ',']);
            assert_eq!(head, "kipu", "{line}");
        }
    }

    #[test]
    fn what_only_begins_like_a_place() {
        for line in [
            "No one: Kipu",
            "Top three: Kipu",
            "Number one reason for Kipu",
            "In the top 3: Kipu",
            "Place two orders",
            "Pick 1.5 of them",
            "Nummer",
            "In 2: Kipu",
            "Optional 2: Kipu",
        ] {
            assert_eq!(worded(&fold(line)), None, "{line}");
        }
    }
}
