//! What makes a day or a time of the number before it: months, quarters, generations.
//!
//! Invariant: looks at the words behind one number.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Months where a dot makes an ordinal of the day before them.
const AFTER_DOT: &[&str] = &[
    "januar",
    "februar",
    "marz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
];

/// Months in the languages of questions and in Russian, folded.
#[rustfmt::skip] // a table, not a list of lines
const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "setiembre", "octubre", "noviembre", "diciembre",
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
    "januar", "februar", "marz", "juni", "juli", "oktober", "dezember",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre",
    "dicembre",
    "janeiro", "fevereiro", "marco", "maio", "junho", "julho", "setembro", "outubro", "novembro",
    "dezembro",
    "januari", "februari", "maart", "mei", "augustus",
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "wrzesnia",
    "pazdziernika", "listopada", "grudnia",
    "gener", "febrer", "marc", "maig", "juny", "juliol", "agost", "setembre", "desembre",
    "xaneiro", "febreiro", "xuno", "xullo", "decembro",
    "urtarrilak", "otsailak", "martxoak", "apirilak", "maiatzak", "ekainak", "uztailak",
    "abuztuak", "irailak", "urriak", "azaroak", "abenduak",
    "maj", "augusti",
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
];

/// What there is a first and a second of without any ranking.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "quarter", "half", "year", "month", "week", "day", "generation", "edition", "century",
    "trimestre", "semestre", "ano", "mes", "semana", "dia", "generacion", "edicion", "siglo",
    "quartal", "halbjahr", "jahr", "monat", "woche", "tag", "ausgabe", "jahrhundert",
    "annee", "mois", "semaine", "jour", "siecle", "anno", "mese", "settimana", "giorno",
    "kwartaal", "jaar", "maand", "week", "dag", "kwartal", "rok", "miesiac", "tydzien", "dzien",
    "trimestre", "any", "setmana", "urte", "hilabete", "kvartalet", "aret", "manad", "vecka",
    "квартал", "год", "месяц", "неделя", "день", "век",
];

static MONTH_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| MONTHS.iter().copied().collect());
static TIME_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| TIMES.iter().copied().collect());

/// What stands between a number and the words behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// A sign of a list, which a date in German has too: "3. Mai".
    Marked,
    /// A space alone: "3 May".
    Bare,
    /// An ordinal: "1st quarter".
    Ordinal,
}

/// Whether `line`, which stands behind a number, makes a day or a time of it.
pub(crate) fn makes_date(line: &str, number: Number) -> bool {
    let line = line.trim_start();
    let end = line
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(line.len());
    let (word, after) = line.split_at(end);
    if number != Number::Marked && TIME_WORDS.contains(word) {
        return true;
    }
    if !MONTH_WORDS.contains(word) {
        return false;
    }
    let ends = after.is_empty() || after.starts_with([':', ',']) || after.starts_with(" -");
    // "1. May" may be a name in other languages.
    let is_day = ends && (number != Number::Marked || AFTER_DOT.contains(&word));
    is_day || starts_with_year(after)
}

fn starts_with_year(text: &str) -> bool {
    let figures = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let digits = figures.bytes().take_while(u8::is_ascii_digit).count();
    let ends = figures
        .get(digits..)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    digits == 4 && ends
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn dates_and_names_of_months() {
        for (line, number, expected) in [
            (" Mai 2024 Kipu", Number::Marked, true),
            (" Mai: Kipu", Number::Marked, true),
            (" May 2024: Kipu", Number::Marked, true),
            (" May: Kipu", Number::Marked, false),
            (" May: Kipu", Number::Bare, true),
            (" maja, Kipu", Number::Bare, true),
            (" мая 2024", Number::Bare, true),
            (" Mars", Number::Marked, false),
            (" May Designs", Number::Bare, false),
            (" quarter: Kipu", Number::Ordinal, true),
            (" Week", Number::Marked, false),
            ("", Number::Bare, false),
        ] {
            assert_eq!(makes_date(&fold(line), number), expected, "{line}");
        }
    }

    #[test]
    fn words_are_folded() {
        for word in MONTHS.iter().chain(TIMES).chain(AFTER_DOT) {
            assert_eq!(fold(word), *word);
        }
    }
}
