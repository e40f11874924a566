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

/// Months in short, as they stand behind a day.
#[rustfmt::skip]
const SHORT_MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "ene", "abr", "ago", "dic", "janv", "fev", "fevr", "avr", "juin", "juil", "mrz", "okt", "dez",
    "gen", "mag", "giu", "lug", "ott", "mrt", "mei", "sty", "lut", "kwi", "maj", "cze", "lip",
    "sie", "wrz", "paz", "lis", "gru", "febr", "xan", "xun", "xul", "des", "urt", "ots", "api",
    "eka", "uzt", "abu", "ira", "urr", "aza", "abe",
    "янв", "фев", "мар", "апр", "июн", "июл", "авг", "сен", "сент", "окт", "ноя", "дек",
];

/// Of them and of the months, those where a dot makes an ordinal of the day before them.
#[rustfmt::skip]
const SHORT_AFTER_DOT: &[&str] = &[
    "jan", "feb", "mrz", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dez",
];

/// What there is a first and a second of without any ranking, and what is counted of it.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "quarter", "half", "year", "years", "month", "months", "week", "weeks", "day", "days", "hour",
    "hours", "semester", "trimester", "generation", "edition", "century",
    "trimestre", "semestre", "ano", "anos", "mes", "meses", "semana", "semanas", "dia", "dias",
    "hora", "horas", "generacion", "edicion", "siglo",
    "quartal", "halbjahr", "jahr", "jahre", "monat", "monate", "woche", "wochen", "tag", "tage",
    "stunde", "stunden", "ausgabe", "jahrhundert",
    "annee", "annees", "mois", "semaine", "semaines", "jour", "jours", "heure", "heures",
    "siecle", "anno", "anni", "mese", "mesi", "settimana", "settimane", "giorno", "giorni",
    "generazione", "edizione", "secolo", "geracao", "edicao", "seculo",
    "kwartaal", "halfjaar", "jaar", "jaren", "maand", "maanden", "weken", "dag", "dagen", "uur",
    "generatie", "editie", "eeuw",
    "kwartal", "polrocze", "rok", "lata", "lat", "miesiac", "miesiace", "tydzien",
    "tygodnie", "dzien", "dni", "godzina", "edycja", "generacja", "wiek",
    "any", "anys", "mesos", "setmana", "setmanes", "dies", "generacio", "edicio", "segle", "xeracion",
    "hiruhilekoa", "hiruhilekoan", "seihilekoa", "urte", "urtea", "hilabete", "hilabetea", "aste",
    "astea", "egun", "eguna", "edizioa", "mendea", "belaunaldia",
    "kvartal", "kvartalet", "halvaret", "aret", "manad", "manaden", "manader", "vecka", "veckan",
    "veckor", "dagar", "timme", "generationen", "upplagan", "arhundradet",
    "квартал", "квартале", "полугодие", "полугодии", "год", "года", "году", "месяц", "месяца",
    "неделя", "недели", "день", "дня", "час", "часа", "век", "поколение", "издание",
];

/// Of them, those where a dot makes an ordinal of the number before them.
#[rustfmt::skip]
const TIMES_AFTER_DOT: &[&str] = &[
    "quartal", "halbjahr", "jahr", "monat", "woche", "tag", "stunde", "jahrhundert",
    "kwartal", "polrocze", "rok", "miesiac", "tydzien", "dzien",
    "hiruhilekoa", "hiruhilekoan", "seihilekoa", "urtea", "hilabetea", "astea", "eguna", "mendea",
    "kvartal",
];

/// What else is counted before a hyphen: "1-click checkout".
#[rustfmt::skip]
const JOINED: &[&str] = &[
    "minute", "second", "click", "step", "star", "user", "person", "seat", "page", "room", "way",
    "part", "stop",
];

/// Between a day and its month: "1 de mayo", "1st of May".
const OF: &[&str] = &["de ", "d'", "of ", "del ", "di ", "do "];

static MONTH_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| MONTHS.iter().copied().collect());
static TIME_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| TIMES.iter().copied().collect());

static SHORT_MONTH_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| SHORT_MONTHS.iter().copied().collect());

/// What stands between a number and the words behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// A sign of a list, which a date in German has too: "3. Mai".
    Marked,
    /// A space alone: "3 May".
    Bare,
    /// An ordinal: "1st quarter".
    Ordinal,
    /// A hyphen and no space: "1-day".
    Joined,
}

/// Whether `line`, which stands behind a number, makes a day or a time of it.
pub(crate) fn makes_date(line: &str, number: Number) -> bool {
    let line = line.trim_start();
    let (word, after) = first_word(line);
    if makes_time(word, after, number) {
        return true;
    }
    let is_marked = number == Number::Marked;
    if !is_marked && OF.iter().any(|of| names_month_behind(line, of)) {
        return true;
    }
    let is_short = SHORT_MONTH_WORDS.contains(word);
    if !is_short && !MONTH_WORDS.contains(word) {
        return false;
    }
    let after = after
        .strip_prefix('.')
        .filter(|_| is_short)
        .unwrap_or(after);
    // "1. May" may be a name in other languages.
    let may_be_day = !is_marked || AFTER_DOT.contains(&word) || SHORT_AFTER_DOT.contains(&word);
    (may_be_day && ends(after)) || starts_with_year(after)
}

/// Whether `word` is a time that the number before it counts.
fn makes_time(word: &str, after: &str, number: Number) -> bool {
    match number {
        Number::Bare | Number::Ordinal => TIME_WORDS.contains(word),
        Number::Joined => TIME_WORDS.contains(word) || JOINED.contains(&word),
        // "1. Tag Heuer" is a name.
        Number::Marked => {
            TIMES_AFTER_DOT.contains(&word) && (ends(after) || starts_with_year(after))
        }
    }
}

/// "de mayo", "d'abril", "of May".
fn names_month_behind(line: &str, of: &str) -> bool {
    let month = line.strip_prefix(of).map(|rest| first_word(rest).0);
    month.is_some_and(|month| MONTH_WORDS.contains(month))
}

fn first_word(line: &str) -> (&str, &str) {
    let end = line
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(line.len());
    line.split_at(end)
}

/// Whether a day or a time ends before `after`.
fn ends(after: &str) -> bool {
    let sign = [':', ',', '—', '|', '('];
    after.is_empty()
        || after.starts_with(',')
        || after.trim_start().starts_with(sign)
        || after.starts_with(" -")
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
            (" Quartal: Kipu", Number::Marked, true),
            (" Jahr", Number::Marked, true),
            (" Tag – Kipu", Number::Marked, true),
            (" Quartal 2026: Kipu", Number::Marked, true),
            (" Tag Heuer: fine", Number::Marked, false),
            (" kwartał: Kipu", Number::Marked, true),
            (" hiruhilekoa: Kipu", Number::Marked, true),
            (" de mayo: Kipu", Number::Bare, true),
            (" de mayo Kipu", Number::Bare, true),
            (" d’abril: Kipu", Number::Bare, true),
            (" of May: Kipu", Number::Ordinal, true),
            (" de Mayo Bank", Number::Marked, false),
            (" of Kipu", Number::Ordinal, false),
            (" Jan: Kipu", Number::Bare, true),
            (" Jan.: Kipu", Number::Bare, true),
            (" Jan Kipu", Number::Bare, false),
            (" Dez. 2024: Kipu", Number::Marked, true),
            (" Dez.: Kipu", Number::Marked, true),
            (" Out: Kipu", Number::Marked, false),
            (" янв. 2026: Kipu", Number::Bare, true),
            ("day trial: Kipu", Number::Joined, true),
            ("click checkout: Kipu", Number::Joined, true),
            ("Kipu", Number::Joined, false),
            (" weeks free with Kipu", Number::Bare, true),
            ("", Number::Bare, false),
        ] {
            assert_eq!(makes_date(&fold(line), number), expected, "{line}");
        }
    }

    #[test]
    fn words_are_folded() {
        let short = SHORT_MONTHS.iter().chain(SHORT_AFTER_DOT);
        let times = TIMES.iter().chain(TIMES_AFTER_DOT).chain(JOINED);
        for word in MONTHS.iter().chain(AFTER_DOT).chain(short).chain(times) {
            assert_eq!(fold(word), *word);
        }
        assert!(
            SHORT_AFTER_DOT
                .iter()
                .all(|word| SHORT_MONTHS.contains(word))
        );
        assert!(TIMES_AFTER_DOT.iter().all(|word| TIMES.contains(word)));
    }
}
