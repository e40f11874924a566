//! Numbers, shares, intervals and amounts as people read them, in their language.
//!
//! Invariant: no locale data of the browser, so that what charts say can be tested anywhere.

use crate::model::language::Language;
use crate::model::money::Money;

/// Keeps a number and its unit on one line.
pub(super) const NO_BREAK: char = '\u{a0}';

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

/// An amount in dollars, as [`Money::short`] shows it.
pub fn dollars(language: Language, amount: Money) -> String {
    let text = amount.short();
    match language {
        Language::English => format!("${text}"),
        Language::Spanish => format!("{}{NO_BREAK}$", text.replace('.', ",")),
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
    fn amounts_have_their_sign_where_the_language_writes_it() {
        let amount = Money::from_nanos(4_200_000);
        assert_eq!(dollars(EN, amount), "$0.0042");
        assert_eq!(dollars(ES, amount), "0,0042\u{a0}$");
    }
}
