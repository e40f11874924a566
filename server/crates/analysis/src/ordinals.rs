//! Ordinal words and figures at a line's start, in the languages of questions and in Russian.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::numerals;

/// Stems of first to tenth, folded, and the endings that each may have.
type Stems = ([&'static str; 10], &'static [&'static str]);

#[rustfmt::skip] // a table, not a list of lines
const STEMS: &[Stems] = &[
    // English
    (["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
      "tenth"], &["", "ly"]),
    // Spanish, Galician
    (["primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven",
      "decim"], &["o", "a"]),
    // French
    (["premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme",
      "huitieme", "neuvieme", "dixieme"], &["", "ment"]),
    // German
    (["erst", "zweit", "dritt", "viert", "funft", "sechst", "siebt", "acht", "neunt", "zehnt"],
     &["e", "er", "es", "en", "em", "ens"]),
    // Italian
    (["prim", "second", "terz", "quart", "quint", "sest", "settim", "ottav", "non", "decim"],
     &["o", "a"]),
    // Portuguese, Galician
    (["primeir", "segund", "terceir", "quart", "quint", "sext", "setim", "oitav", "non", "decim"],
     &["o", "a"]),
    // Dutch
    (["eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende",
      "tiende"], &[""]),
    // Polish
    (["pierwsz", "drug", "trzec", "czwart", "piat", "szost", "siodm", "osm", "dziewiat",
      "dziesiat"],
     &["y", "a", "e", "i", "ie", "ia", "ym", "im", "ej", "iej", "ego", "iego"]),
    // Catalan
    (["primer", "segon", "tercer", "quart", "cinque", "sise", "sete", "vuite", "nove", "dese"],
     &["", "a", "na"]),
    // Basque
    (["lehen", "bigarren", "hirugarren", "laugarren", "bosgarren", "seigarren", "zazpigarren",
      "zortzigarren", "bederatzigarren", "hamargarren"],
     &["", "a", "ik", "ean", "go", "engo", "engoa", "biziko"]),
    // Swedish
    (["forst", "andr", "tredj", "fjard", "femt", "sjatt", "sjund", "attond", "niond", "tiond"],
     &["a", "e"]),
    // Russian
    (["перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят"],
     &["ыи", "ои", "ая", "ое", "ом", "ого", "ому", "ых", "ую", "ии", "ье", "ья", "ьем", "ьеи",
       "ьих"]),
];

/// Other words for a place.
#[rustfmt::skip]
const IRREGULAR: &[(u32, &[&str])] = &[
    (1, &["premier", "forst", "forstaplats", "forstaplatsen", "forstahandsval", "erstplatzierter", "winner", "ganador", "ganadora", "gagnant", "vincitore",
          "vencedor", "sieger", "testsieger", "gewinner", "winnaar", "zwyciezca", "guanyador",
          "guanyadora", "irabazlea", "vinnare", "победитель"]),
    (2, &["seconde", "andraplats", "andraplatsen", "andrahandsval", "zweitplatzierter"]),
    (3, &["tredjeplats", "tredjeplatsen", "tredjehandsval", "drittplatzierter"]),
    (4, &["fjardeplats", "fjardeplatsen"]),
    (5, &["femteplats", "femteplatsen"]),
    (7, &["siebente", "siebenter", "siebentens", "setimo", "setima"]),
];

/// What the first words of a phrase are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// It may stand before an ordinal.
    Before,
    Ordinal(u32),
}

static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (stems, endings) in STEMS {
        for (stem, number) in stems.iter().zip(1..) {
            for ending in *endings {
                words.insert(format!("{stem}{ending}"), Word::Ordinal(number));
            }
        }
    }
    for (number, others) in IRREGULAR {
        let others = others.iter().map(|word| (*word).to_owned());
        words.extend(others.map(|word| (word, Word::Ordinal(*number))));
    }
    words.extend(BEFORE.iter().map(|word| ((*word).to_owned(), Word::Before)));
    words
});

/// No ordinal is longer, in bytes.
const LONGEST_WORD: usize = 32;

/// What makes an ordinal of the figure before it.
#[rustfmt::skip]
const FIGURE_ENDINGS: &[&str] = &[
    "st", "nd", "rd", "th", // 1st
    "er", "re", "ere", "e", "eme", "nde", // 1er, 2e
    "o", "a", ".o", ".a", "ro", "ra", "do", "da", "to", "ta", "mo", "ma", "vo", "va", // 1º, 2da
    "de", "ste", "te", "ter", "tes", // 2de
    ":a", ":e", // 1:a
    "-и", "-я", "-е", "-ыи", "-ои", "-ая", "-ое", "-м", "-го", // 1-й
    "-szy", "-sza", "-sze", "-gi", "-ga", "-gie", "-ci", "-cia", "-cie", "-ty", "-ta", "-te",
    "°",
];
/// The same in Catalan, of one figure each.
const FIGURES: &[(u32, &str)] = &[(1, "r"), (2, "n"), (3, "r"), (4, "t")];

#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "in", "en", "em", "al", "au", "nel", "sul", "auf", "a", "im", "the", "el", "la", "le", "il", "o", "der",
    "die", "das", "no", "na", "dem", "den", "an", "op", "de", "het", "ten", "als", "po", "w", "pa",
    "det", "for", "на", "во", "в",
];

/// Words for a place in a ranking.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "place", "spot", "position", "pick", "choice", "rank", "option", "lugar", "puesto", "posicion",
    "opcion", "opzione", "optie", "keus", "opcja", "вариант",
    "platz", "stelle", "rang", "choix", "scelta", "escolha", "eleccion", "wahl", "lieu", "posto",
    "posizione", "luogo", "posicao", "opcao", "plaats", "plek", "positie", "keuze", "miejsce",
    "miejscu", "pozycja", "pozycji", "wybor", "lloc", "posicio", "opcio", "tria", "postua",
    "postuan", "tokia", "tokian", "lekua", "lekuan", "aukera", "plats", "platsen", "placering",
    "место", "месте", "позиция", "позиции", "выбор",
];

#[rustfmt::skip]
const VERBS: &[&str] = &[
    "is", "comes", "goes", "to", "we", "have", "es", "esta", "va", "viene", "para", "est", "vient",
    "steht", "liegt", "ist", "kommt", "belegt", "landet", "geht", "an", "e", "vem", "fica", "tenemos", "gaat", "naar",
    "komt", "staat", "jest", "zajmuje", "per", "ve", "tenim", "vai", "da", "ar", "gar", "till",
    "kommer", "это", "занимает", "идет",
];

/// The ordinal that a folded line starts with, and the length of the phrase around it
/// ("in second place:").
pub(crate) fn parse(line: &str) -> Option<(u32, usize)> {
    let mut words = Words { line, at: 0 };
    // At most two words stand before an ordinal.
    for _ in 0..3 {
        words.at += words.gap();
        if words.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return figure_at(words).or_else(|| dotted_place(words));
        }
        if let Some(found) = roman_place(words) {
            return Some(found);
        }
        let word = words.next().filter(|word| word.len() <= LONGEST_WORD)?;
        match WORDS.get(word)? {
            Word::Ordinal(number) => {
                return words.ends_phrase().then_some((*number, words.at));
            }
            // "во-первых"
            Word::Before if words.rest().starts_with('-') => words.at += 1,
            Word::Before if ends_clause(words.rest()) => return None,
            Word::Before => {}
        }
    }
    None
}

/// "1. Platz", where no list's dot can be meant, as a word stands before it.
fn dotted_place(mut words: Words<'_>) -> Option<(u32, usize)> {
    let digits = words.rest().bytes().take_while(u8::is_ascii_digit).count();
    let figure = words.rest().get(..digits).filter(|_| digits <= 3)?;
    words.at += digits;
    if !words.rest().starts_with(". ") {
        return None;
    }
    words.at += 1;
    let is_place = words.peek().is_some_and(is_place);
    (is_place && words.ends_phrase()).then_some((figure.parse().ok()?, words.at))
}

/// "I miejsce": a Roman numeral right before a word for a place.
fn roman_place(mut words: Words<'_>) -> Option<(u32, usize)> {
    let number = numerals::roman(words.next()?)?;
    words.at += place_phrase(words.rest())?;
    Some((number, words.at))
}

/// The length of the words for a place that `rest`, which stands behind a number, starts with,
/// and of verbs behind them; where the phrase ends there.
pub(crate) fn place_phrase(rest: &str) -> Option<usize> {
    let mut words = Words { line: rest, at: 0 };
    let is_place = rest.starts_with(' ') && words.peek().is_some_and(is_place);
    (is_place && words.ends_phrase()).then_some(words.at)
}

/// The length of what goes on behind a whole place ("Platz 1 belegt", "number one pick"); where
/// it ends there.
pub(crate) fn rest_of_phrase(rest: &str) -> Option<usize> {
    let mut words = Words { line: rest, at: 0 };
    words.ends_phrase().then_some(words.at)
}

/// The word at the start of `text` that may stand before an ordinal, and its length.
pub(crate) fn word_before(text: &str) -> Option<usize> {
    let words = Words { line: text, at: 0 };
    let word = words.peek()?;
    BEFORE
        .contains(&word)
        .then_some(words.gap() + word.len())
        .filter(|length| {
            text.get(*length..)
                .is_some_and(|rest| rest.starts_with(' '))
        })
}

/// The ordinal in figures that a folded line starts with: "1st", "2º", "3-й", "1 место".
pub(crate) fn parse_figure(line: &str) -> Option<(u32, usize)> {
    figure_at(Words { line, at: 0 })
}

fn figure_at(mut words: Words<'_>) -> Option<(u32, usize)> {
    let rest = words.rest();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at_checked(digits)?;
    let number: u32 = number.parse().ok().filter(|_| digits <= 3)?;
    let stands_apart = |ending: &str| {
        let next = after
            .get(ending.len()..)
            .and_then(|rest| rest.chars().next());
        after.starts_with(ending) && !next.is_some_and(char::is_alphanumeric)
    };
    let catalan = FIGURES.iter().filter(|(of, _)| *of == number);
    let ending = FIGURE_ENDINGS
        .iter()
        .copied()
        .chain(catalan.map(|(_, ending)| *ending))
        .find(|ending| stands_apart(ending));
    let Some(ending) = ending else {
        // "1 место"
        words.at += digits;
        let is_place = after.starts_with(' ') && words.peek().is_some_and(is_place);
        return (is_place && words.ends_phrase()).then_some((number, words.at));
    };
    words.at += digits + ending.len();
    // "1º X" needs no mark between.
    let after_figure = words.at;
    let length = if words.ends_phrase() {
        words.at
    } else {
        after_figure
    };
    Some((number, length))
}

/// Whether a folded word stands for a place in a ranking.
pub(crate) fn is_place(word: &str) -> bool {
    PLACES.contains(&word)
}

#[derive(Clone, Copy)]
struct Words<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn gap(&self) -> usize {
        self.rest().len() - self.rest().trim_start_matches([' ', '"', '\'']).len()
    }

    fn peek(&self) -> Option<&'a str> {
        let rest = self.rest().get(self.gap()..)?;
        let end = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        rest.get(..end).filter(|word| !word.is_empty())
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += self.gap() + word.len();
        Some(word)
    }

    /// Goes over words for a place and verbs; whether the ordinal's phrase ends there.
    fn ends_phrase(&mut self) -> bool {
        while !ends_clause(self.rest()) {
            let Some(word) = self.peek() else {
                return false;
            };
            if VERBS.contains(&word) {
                while let Some(verb) = self.peek().filter(|verb| VERBS.contains(verb)) {
                    self.at += self.gap() + verb.len();
                }
                self.at += self.gap();
                return true;
            }
            if !is_place(word) {
                return false;
            }
            self.next();
        }
        true
    }
}

/// Whether punctuation stands here.
fn ends_clause(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with([',', ':', '-', '—', '.', ')', '，', '、'])
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn words_are_folded() {
        let others = [FIGURE_ENDINGS, PLACES, VERBS].concat();
        for word in WORDS.keys().map(String::as_str).chain(others) {
            // A degree and a hyphen with its letters stay as they are.
            assert_eq!(fold(word), word);
            assert!(word.len() <= LONGEST_WORD);
        }
    }

    #[test]
    fn ordinals_around_the_place() {
        for (line, expected) in [
            ("first, kipu", Some((1, 5))),
            ("1st: kipu", Some((1, 3))),
            ("second place: kipu", Some((2, 12))),
            ("second place goes to kipu", Some((2, 21))),
            ("en tercer lugar, kipu", Some((3, 15))),
            ("zweitens: kipu", Some((2, 8))),
            ("auf dem ersten platz", Some((1, 20))),
            ("an erster stelle steht kipu", Some((1, 23))),
            ("1o kipu", Some((1, 2))),
            ("1.a kipu", Some((1, 3))),
            ("2nd place: kipu", Some((2, 9))),
            ("quarto posto: kipu", Some((4, 12))),
            ("3r: kipu", Some((3, 2))),
            ("4t kipu", Some((4, 2))),
            ("1:a kipu", Some((1, 3))),
            ("2 miejsce - kipu", Some((2, 9))),
            ("auf dem 1. platz: kipu", Some((1, 16))),
            ("na 2. miejscu: kipu", Some((2, 13))),
            ("na ii miejscu: kipu", Some((2, 13))),
            ("ii miejsce: kipu", Some((2, 10))),
            ("i kipu", None),
            ("am 1. mai: kipu", None),
            ("in 2. kipu", None),
            ("2 users - kipu", None),
            ("5t kipu", None),
            ("first kipu does", None),
            ("firstborn, kipu", None),
            ("an kipu", None),
            ("", None),
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
    }

    #[test]
    fn each_language_counts_to_ten() {
        for words in [
            "First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth",
            "Primero|Segundo|Tercero|Cuarto|Quinto|Sexto|Séptimo|Octavo|Noveno|Décimo",
            "Premièrement|Deuxièmement|Troisième|Quatrième|Cinquième|Sixième|Septième|Huitième|Neuvième|Dixième",
            "Erstens|Zweitens|Drittens|Viertens|Fünftens|Sechstens|Siebtens|Achtens|Neuntens|Zehntens",
            "Primo|Secondo|Terzo|Quarto|Quinto|Sesto|Settimo|Ottavo|Nono|Decimo",
            "Primeira|Segunda|Terceira|Quarta|Quinta|Sexta|Sétima|Oitava|Nona|Décima",
            "Eerste|Tweede|Derde|Vierde|Vijfde|Zesde|Zevende|Achtste|Negende|Tiende",
            "Pierwsze|Drugie|Trzecie|Czwarte|Piąte|Szóste|Siódme|Ósme|Dziewiąte|Dziesiąte",
            "Primer|Segon|Tercer|Quart|Cinquè|Sisè|Setè|Vuitè|Novè|Desè",
            "Primeiro|Segundo|Terceiro|Cuarto|Quinto|Sexto|Sétimo|Oitavo|Noveno|Décimo",
            "Lehenengo|Bigarren|Hirugarren|Laugarren|Bosgarren|Seigarren|Zazpigarren|Zortzigarren|Bederatzigarren|Hamargarren",
            "Första|Andra|Tredje|Fjärde|Femte|Sjätte|Sjunde|Åttonde|Nionde|Tionde",
            "Первое|Второе|Третье|Четвёртое|Пятое|Шестое|Седьмое|Восьмое|Девятое|Десятое",
        ] {
            for (word, number) in words.split('|').zip(1..) {
                let line = fold(&format!("{word}: Kipu"));
                assert_eq!(parse(&line), Some((number, fold(word).len())), "{word}");
            }
        }
        for (line, number) in [
            ("Во-первых, Kipu", 1),
            ("На первом месте: Kipu", 1),
            ("Po drugie, Kipu", 2),
            ("Na trzecim miejscu: Kipu", 3),
            ("Op de tweede plaats: Kipu", 2),
            ("Ten eerste: Kipu", 1),
            ("På första plats: Kipu", 1),
            ("En segon lloc: Kipu", 2),
            ("En primeiro lugar, Kipu", 1),
            ("Bigarren postua: Kipu", 2),
            ("1-е место: Kipu", 1),
            ("2 место — Kipu", 2),
            ("3-sze miejsce: Kipu", 3),
            ("Первый вариант: Kipu", 1),
            ("First option: Kipu", 1),
            ("Förstaplats: Kipu", 1),
            ("Andraplats: Kipu", 2),
            ("Förstahandsval: Kipu", 1),
            ("Na 1. miejscu: Kipu", 1),
            ("An 2. Stelle: Kipu", 2),
            ("На II месте: Kipu", 2),
        ] {
            assert_eq!(
                parse(&fold(line)).map(|found| found.0),
                Some(number),
                "{line}"
            );
        }
    }
}
