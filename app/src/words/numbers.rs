//! Numbers, shares and amounts as people read them, in their language: the one place that writes
//! numbers, for the screen, its charts and the host's mails. Intervals are written by `amount`.
//!
//! Invariant: no locale data of the browser, so that what charts say can be tested anywhere.

use crate::model::language::Language;
use crate::model::money::{Money, Spend};
use crate::texts::common;

/// Keeps a number and its unit on one line.
pub(super) const NO_BREAK: char = '\u{a0}';

/// Far less than any number here differs from another by, far more than a float is wrong by.
const HALF_UP: f64 = 1e-9;

/// Plain digits, with a point before the decimals, as a language writes them: thousands set apart,
/// and its own sign before the decimals.
pub(super) fn written(language: Language, plain: &str) -> String {
    let (sign, digits) = split_sign(plain);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = sign.to_owned();
    push_grouped(&mut text, language, whole);
    if !decimals.is_empty() {
        text.push(match language {
            Language::English => '.',
            Language::Spanish => ',',
        });
        text.push_str(decimals);
    }
    text
}

fn split_sign(plain: &str) -> (&str, &str) {
    plain
        .strip_prefix('-')
        .map_or(("", plain), |digits| ("-", digits))
}

fn push_grouped(text: &mut String, language: Language, digits: &str) {
    let separator = match language {
        Language::English => ',',
        // Spanish sets no separator in numbers of four digits.
        Language::Spanish if digits.len() <= 4 => return text.push_str(digits),
        Language::Spanish => '.',
    };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
}

/// `value` with a fixed number of decimals; what lies in the very middle is rounded away from
/// nothing, as people do it: a float would go to the even neighbour, or by how it is stored.
pub fn decimal(language: Language, value: f64, decimals: usize) -> String {
    let value = value + HALF_UP.copysign(value);
    written(language, &format!("{value:.decimals$}"))
}

/// A whole number with its thousands set apart.
pub fn whole(language: Language, value: i64) -> String {
    written(language, &value.to_string())
}

/// A share of one as a percentage: one decimal, none for a whole hundred or nothing.
pub fn percent(language: Language, share: f64) -> String {
    let value = share * 100.0;
    let decimals = usize::from(value > 0.0 && value < 100.0);
    with_percent_sign(language, &decimal(language, value, decimals))
}

/// A share of one as a percentage without decimals.
pub fn whole_percent(language: Language, share: f64) -> String {
    with_percent_sign(language, &decimal(language, share * 100.0, 0))
}

/// A number with its sign, also where it is positive; what is rounded to nothing has none.
pub fn signed(language: Language, value: f64, decimals: usize) -> String {
    let words = decimal(language, value.abs(), decimals);
    let is_nothing = !words.contains(|letter: char| ('1'..='9').contains(&letter));
    let sign = match value {
        _ if is_nothing => "",
        value if value > 0.0 => "+",
        _ => "−",
    };
    format!("{sign}{words}")
}

/// A number with the language's percent sign behind it.
pub fn with_percent_sign(language: Language, number: &str) -> String {
    match language {
        Language::English => format!("{number}%"),
        Language::Spanish => format!("{number}{NO_BREAK}%"),
    }
}

/// An amount in dollars, with as many decimals as [`Money::short`] gives it.
pub fn dollars(language: Language, amount: Money) -> String {
    with_dollar_sign(language, &amount.short())
}

/// A price in dollars: all its decimals, at least two. That of a search is a fraction of a cent.
pub fn price(language: Language, amount: Money) -> String {
    let exact = amount.to_string();
    let (whole, decimals) = exact.split_once('.').unwrap_or((&exact, ""));
    with_dollar_sign(language, &format!("{whole}.{decimals:0<2}"))
}

fn with_dollar_sign(language: Language, plain: &str) -> String {
    let (sign, digits) = split_sign(plain);
    let amount = written(language, digits);
    match language {
        Language::English => format!("{sign}${amount}"),
        Language::Spanish => format!("{sign}{amount}{NO_BREAK}$"),
    }
}

/// What was paid: with `≥` where a part of it has no known price.
pub fn spend(language: Language, spend: Spend) -> String {
    let amount = dollars(language, spend.amount);
    if spend.is_at_least {
        format!("≥ {amount}")
    } else {
        amount
    }
}

/// What was paid, and what the simulator's answers would have cost; nothing of either is left
/// out, and they are never added up.
pub fn paid_and_simulated(language: Language, paid: Spend, simulated: Money) -> String {
    if simulated == Money::ZERO {
        return spend(language, paid);
    }
    let fiction = dollars(language, simulated);
    let fiction = common::SIMULATED_COST.fill(language, &[("amount", &fiction)]);
    if paid == Spend::default() {
        fiction
    } else {
        format!("{} + {fiction}", spend(language, paid))
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
    }

    #[test]
    fn nothing_has_no_sign() {
        for (value, decimals, words) in [
            (0.4, 0, "0"),
            (-0.4, 0, "0"),
            (-0.4, 1, "−0.4"),
            (0.5, 0, "+1"),
            (10.0, 0, "+10"),
        ] {
            assert_eq!(signed(EN, value, decimals), words);
        }
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
    fn decimals_are_behind_grouped_thousands() {
        for (value, english, spanish) in [
            (1234.5, "1,234.5", "1234,5"),
            (-12_345.25, "-12,345.3", "-12.345,3"),
        ] {
            assert_eq!(decimal(EN, value, 1), english);
            assert_eq!(decimal(ES, value, 1), spanish);
        }
        assert_eq!(whole_percent(EN, 0.625), "63%");
        assert_eq!(whole_percent(ES, 0.0), "0\u{a0}%");
    }

    #[test]
    fn amounts_have_their_sign_where_the_language_writes_it() {
        let amount = Money::from_nanos(4_200_000);
        assert_eq!(dollars(EN, amount), "$0.0042");
        assert_eq!(dollars(ES, amount), "0,0042\u{a0}$");
        let large = Money::from_usd(-12_345);
        assert_eq!(dollars(EN, large), "-$12,345.00");
        assert_eq!(dollars(ES, large), "-12.345,00\u{a0}$");
    }

    #[test]
    fn prices_are_exact_with_two_decimals_or_more() {
        for (amount, english, spanish) in [
            ("3", "$3.00", "3,00\u{a0}$"),
            ("2.5", "$2.50", "2,50\u{a0}$"),
            ("0.0025", "$0.0025", "0,0025\u{a0}$"),
            ("1200", "$1,200.00", "1200,00\u{a0}$"),
        ] {
            let amount: Money = amount.parse().expect("an amount");
            assert_eq!(price(EN, amount), english);
            assert_eq!(price(ES, amount), spanish);
        }
    }

    #[test]
    fn what_is_paid_and_what_is_made_up_stand_beside_each_other() {
        let paid = Spend {
            amount: Money::from_usd(2),
            is_at_least: true,
        };
        let simulated = Money::from_usd(1);
        let fiction = common::SIMULATED_COST.fill(EN, &[("amount", &"$1.00")]);
        assert_eq!(paid_and_simulated(EN, paid, Money::ZERO), "≥ $2.00");
        assert_eq!(
            paid_and_simulated(EN, paid, simulated),
            format!("≥ $2.00 + {fiction}")
        );
        assert_eq!(paid_and_simulated(EN, Spend::default(), simulated), fiction);
    }
}
