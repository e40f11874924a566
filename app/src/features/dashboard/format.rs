//! Shares, intervals, days and time spans as people read them, in their language.
//!
//! Invariant: no locale data of the browser, so that what charts say can be tested anywhere.

use chrono::{Datelike, NaiveDate};

use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::dashboard as texts;

/// Keeps a number and its unit on one line.
const NO_BREAK: char = '\u{a0}';

/// Far less than any number here differs from another by, far more than a float is wrong by.
const HALF_UP: f64 = 1e-9;

/// `value` with a fixed number of decimals; what lies in the very middle is rounded away from
/// nothing, as people do it: a float would go to the even neighbour, or by how it is stored.
pub fn decimal(language: Language, value: f64, decimals: usize) -> String {
    let value = value + HALF_UP.copysign(value);
    let text = format!("{value:.decimals$}");
    match language {
        Language::English => text,
        Language::Spanish => text.replace('.', ","),
    }
}

/// A whole number with its thousands set apart.
pub fn whole(language: Language, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let separator = match language {
        Language::English => ',',
        // Spanish sets no separator in numbers of four digits.
        Language::Spanish if digits.len() <= 4 => return value.to_string(),
        Language::Spanish => '.',
    };
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}

/// A share of one as a percentage: one decimal, none for a whole hundred or nothing.
pub fn percent(language: Language, share: f64) -> String {
    let value = share * 100.0;
    let decimals = usize::from(value > 0.0 && value < 100.0);
    with_percent_sign(language, &decimal(language, value, decimals))
}

/// A number with its sign, also where it is positive.
pub fn signed(language: Language, value: f64, decimals: usize) -> String {
    let sign = match value {
        value if value > 0.0 => "+",
        value if value < 0.0 => "−",
        _ => "",
    };
    format!("{sign}{}", decimal(language, value.abs(), decimals))
}

/// A balance between -1 and 1 as a percentage with its sign.
pub fn signed_percent(language: Language, balance: f64) -> String {
    with_percent_sign(language, &signed(language, balance * 100.0, 0))
}

/// An interval of balances: `−12% to +40%`.
pub fn signed_interval(language: Language, (low, high): (f64, f64)) -> String {
    let end = |value| signed_percent(language, value);
    format!("{}{NO_BREAK}… {}", end(low), end(high))
}

/// A number with the language's percent sign behind it.
pub fn with_percent_sign(language: Language, number: &str) -> String {
    match language {
        Language::English => format!("{number}%"),
        Language::Spanish => format!("{number}{NO_BREAK}%"),
    }
}

/// An interval of shares: `51–73%`.
pub fn percent_interval(language: Language, (low, high): (f64, f64)) -> String {
    let low = decimal(language, low * 100.0, 0);
    let high = decimal(language, high * 100.0, 0);
    with_percent_sign(language, &format!("{low}–{high}"))
}

/// An interval of places: `1.8–3.2`.
pub fn place_interval(language: Language, (low, high): (f64, f64)) -> String {
    let low = decimal(language, low, 1);
    let high = decimal(language, high, 1);
    format!("{low}–{high}")
}

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

/// An amount in dollars, as [`Money::short`] shows it.
pub fn dollars(language: Language, amount: Money) -> String {
    let text = amount.short();
    match language {
        Language::English => format!("${text}"),
        Language::Spanish => format!("{}{NO_BREAK}$", text.replace('.', ",")),
    }
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
            let seconds = match (language, tenths % 10) {
                (_, 0) => (tenths / 10).to_string(),
                (Language::English, rest) => format!("{}.{rest}", tenths / 10),
                (Language::Spanish, rest) => format!("{},{rest}", tenths / 10),
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
    fn the_very_middle_is_rounded_away_from_nothing() {
        let shown = [3.25, 1.45, -3.25, 2.0, 0.0].map(|value| decimal(EN, value, 1));
        assert_eq!(shown, ["3.3", "1.5", "-3.3", "2.0", "0.0"]);
        assert_eq!(percent(EN, 0.8125), "81.3%");
    }

    #[test]
    fn percentages_follow_the_language() {
        assert_eq!(percent(EN, 0.625), "62.5%");
        assert_eq!(percent(ES, 0.625), "62,5\u{a0}%");
        assert_eq!(percent(EN, 0.0), "0%");
        assert_eq!(percent(EN, 1.0), "100%");
        assert_eq!(percent_interval(EN, (0.512, 0.729)), "51–73%");
    }

    #[test]
    fn whole_numbers_are_grouped() {
        for (value, english, spanish) in [
            (0, "0", "0"),
            (1234, "1,234", "1234"),
            (12_345, "12,345", "12.345"),
            (-1_000_000, "-1,000,000", "-1.000.000"),
        ] {
            assert_eq!(whole(EN, value), english);
            assert_eq!(whole(ES, value), spanish);
        }
    }

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
    fn amounts_have_their_sign_where_the_language_writes_it() {
        let amount = Money::from_nanos(4_200_000);
        assert_eq!(dollars(EN, amount), "$0.0042");
        assert_eq!(dollars(ES, amount), "0,0042\u{a0}$");
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
