//! Days and time spans as people read them, in their language.
//!
//! Invariant: no locale data of the browser, so that what charts say can be tested anywhere.

use chrono::{Datelike, NaiveDate};

use super::numbers::{NO_BREAK, written};
use crate::model::language::Language;
use crate::texts::dashboard as texts;

/// A day without its year: `21 Nov`.
pub fn short_day(language: Language, day: NaiveDate) -> String {
    format!("{} {}", day.day(), month(language, day))
}

/// A day with its year: `21 Nov 2026`.
pub fn long_day(language: Language, day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(language, day), day.year())
}

/// A month with its year: `Nov 2026`.
pub fn month_and_year(language: Language, day: NaiveDate) -> String {
    format!("{} {}", month(language, day), day.year())
}

fn month(language: Language, day: NaiveDate) -> &'static str {
    let names = texts::MONTHS.get(language);
    names
        .split(' ')
        .nth(day.month0() as usize)
        .unwrap_or_default()
}

/// A time span: `840 ms`, `4.2 s`, `3 min 20 s`.
pub fn duration(language: Language, milliseconds: i64) -> String {
    let milliseconds = milliseconds.max(0);
    match milliseconds {
        ..1_000 => format!("{milliseconds}{NO_BREAK}ms"),
        1_000..60_000 => {
            let tenths = (milliseconds + 50) / 100;
            let seconds = match tenths % 10 {
                0 => (tenths / 10).to_string(),
                rest => written(language, &format!("{}.{rest}", tenths / 10)),
            };
            format!("{seconds}{NO_BREAK}s")
        }
        60_000..3_600_000 => {
            format!(
                "{}{NO_BREAK}min {}{NO_BREAK}s",
                milliseconds / 60_000,
                milliseconds / 1_000 % 60
            )
        }
        _ => format!(
            "{}{NO_BREAK}h {}{NO_BREAK}min",
            milliseconds / 3_600_000,
            milliseconds / 60_000 % 60
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    #[test]
    fn days_have_months_in_the_language() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day");
        assert_eq!(short_day(EN, day), "5 Jan");
        assert_eq!(long_day(ES, day), "5 ene 2026");
        assert_eq!(month_and_year(EN, day), "Jan 2026");
        for language in Language::ALL {
            assert_eq!(texts::MONTHS.get(language).split(' ').count(), 12);
        }
    }

    #[test]
    fn durations_use_the_fitting_units() {
        for (milliseconds, shown) in [
            (-5, "0\u{a0}ms"),
            (840, "840\u{a0}ms"),
            (4_240, "4.2\u{a0}s"),
            (9_000, "9\u{a0}s"),
            (200_000, "3\u{a0}min 20\u{a0}s"),
            (3_660_000, "1\u{a0}h 1\u{a0}min"),
        ] {
            assert_eq!(duration(EN, milliseconds), shown);
        }
    }
}
