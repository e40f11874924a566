//! Money as whole nano-dollars.
//!
//! Invariant: no float holds an amount; a float is made from one only to draw a chart.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in nano-USD: 1 USD is 1,000,000,000.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(i64);

const NANOS_PER_USD: i64 = 1_000_000_000;
const DECIMALS: usize = 9;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of nano-USD.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Whole dollars; more than an `i64` of nano-USD holds is cut to its limit.
    pub const fn from_usd(dollars: i64) -> Self {
        Self(dollars.saturating_mul(NANOS_PER_USD))
    }

    /// The amount in nano-USD.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Cost of `tokens` at `self` a million tokens, rounded up to a whole nano-USD, so that
    /// rounding never makes a reservation too small. Negative counts cost nothing.
    #[must_use]
    pub fn per_million(self, tokens: i64) -> Self {
        let product = i128::from(self.0.max(0)) * i128::from(tokens.max(0));
        let nanos = (product + 999_999) / 1_000_000;
        Self(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    /// `self` times `count`, cut to what an `i64` holds.
    #[must_use]
    pub const fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// `self` as a percentage of `whole`; `None` where the whole is nothing. For screens only.
    #[expect(clippy::cast_precision_loss, reason = "a percentage on a screen")]
    pub fn percent_of(self, whole: Self) -> Option<f64> {
        (whole.0 > 0).then(|| self.0 as f64 * 100.0 / whole.0 as f64)
    }

    /// Dollars as a float. For charts only.
    #[expect(clippy::cast_precision_loss, reason = "a point in a chart")]
    pub fn to_usd_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_USD as f64
    }

    /// The amount as people read it: at least two decimals, and as many more as it takes to
    /// show two digits of a small amount ("0.0042"). Without a currency sign.
    pub fn short(self) -> String {
        let absolute = self.0.unsigned_abs();
        let decimals = match absolute {
            0 | 995_000_000.. => 2,
            10_000_000.. => 3,
            1_000_000.. => 4,
            100_000.. => 5,
            10_000.. => 6,
            _ => DECIMALS,
        };
        let step = 10_u64.pow(u32::try_from(DECIMALS - decimals).unwrap_or(0));
        let rounded = (absolute + step / 2) / step * step;
        let whole = rounded / NANOS_PER_USD.unsigned_abs();
        let fraction = format!("{:09}", rounded % NANOS_PER_USD.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{whole}.{}", &fraction[..decimals])
    }
}

impl fmt::Display for Money {
    /// Exact decimal dollars without trailing zeros: `1.25`, `0.000001`, `100`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = absolute / NANOS_PER_USD.unsigned_abs();
        let fraction = format!("{:09}", absolute % NANOS_PER_USD.unsigned_abs());
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() {
            write!(formatter, "{sign}{whole}")
        } else {
            write!(formatter, "{sign}{whole}.{fraction}")
        }
    }
}

/// The text is no amount of dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount of dollars")]
pub struct InvalidMoney;

impl FromStr for Money {
    type Err = InvalidMoney;

    /// Reads decimal dollars (`1.25`, `3e-6`, `-0.5`); digits beyond the ninth decimal are
    /// rounded up, away from nothing, so that a price is never understated.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1_i128, rest),
            None => (1_i128, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| InvalidMoney)?)
            }
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty())
            || whole.len() + fraction.len() > 30
            || !all_digits(whole)
            || !all_digits(fraction)
            || !(-30..=30).contains(&exponent)
        {
            return Err(InvalidMoney);
        }
        let value: i128 = format!("{whole}{fraction}")
            .parse()
            .map_err(|_| InvalidMoney)?;
        let fraction_digits = i32::try_from(fraction.len()).map_err(|_| InvalidMoney)?;
        let shift = 9 + exponent - fraction_digits;
        let power = 10_i128.checked_pow(shift.unsigned_abs());
        let nanos = match (shift >= 0, power) {
            (true, Some(power)) => value.checked_mul(power).ok_or(InvalidMoney)?,
            (true, None) if value == 0 => 0,
            (true, None) => return Err(InvalidMoney),
            (false, Some(power)) => value / power + i128::from(value % power != 0),
            (false, None) => i128::from(value != 0),
        };
        i64::try_from(sign * nanos)
            .map(Self)
            .map_err(|_| InvalidMoney)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// What was paid, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// What is known of it.
    pub amount: Money,
    /// A part of it has no known price: it was at least `amount`.
    pub is_at_least: bool,
}

impl Spend {
    /// An amount, and how many of its parts have no known price.
    pub const fn new(amount: Money, unpriced: i64) -> Self {
        Self {
            amount,
            is_at_least: unpriced > 0,
        }
    }
}

impl Add for Spend {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            amount: self.amount + other.amount,
            is_at_least: self.is_at_least || other.is_at_least,
        }
    }
}

impl Sum for Spend {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_exact_decimals() {
        for (text, nanos, shown) in [
            ("1.25", 1_250_000_000, "1.25"),
            ("0", 0, "0"),
            ("100", 100_000_000_000, "100"),
            ("3e-6", 3_000, "0.000003"),
            ("1.5E2", 150_000_000_000, "150"),
            (".5", 500_000_000, "0.5"),
            ("-0.5", -500_000_000, "-0.5"),
            ("0.0000000001", 1, "0.000000001"),
        ] {
            let money: Money = text.parse().expect(text);
            assert_eq!(money.nanos(), nanos, "{text}");
            assert_eq!(money.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in [
            "",
            ".",
            "-",
            "1,5",
            "NaN",
            "inf",
            "1e99",
            "0x1",
            "1.2.3",
            "9999999999999999",
        ] {
            assert_eq!(text.parse::<Money>(), Err(InvalidMoney), "{text}");
        }
    }

    #[test]
    fn costs_round_up_and_never_go_below_nothing() {
        let price = Money::from_nanos(1);
        assert_eq!(price.per_million(1), Money::from_nanos(1));
        assert_eq!(
            Money::from_usd(10).per_million(1_000),
            Money::from_nanos(10_000_000)
        );
        assert_eq!(Money::from_usd(10).per_million(-5), Money::ZERO);
        assert_eq!(
            Money::from_nanos(i64::MAX).per_million(i64::MAX).nanos(),
            i64::MAX
        );
    }

    #[test]
    fn a_sum_with_an_unknown_part_is_at_least_that() {
        let known = Spend::new(Money::from_usd(1), 0);
        let open = Spend::new(Money::from_usd(2), 3);
        let sum: Spend = [known, open, known].into_iter().sum();
        assert_eq!(
            sum,
            Spend {
                amount: Money::from_usd(4),
                is_at_least: true
            }
        );
        assert!(!(known + known).is_at_least);
        assert_eq!([].into_iter().sum::<Spend>(), Spend::default());
    }

    #[test]
    fn short_form_keeps_two_digits_of_small_amounts() {
        assert_eq!(Money::from_nanos(4_200_000).short(), "0.0042");
        assert_eq!(Money::from_nanos(84_000_000).short(), "0.084");
        assert_eq!(Money::from_usd(12).short(), "12.00");
        assert_eq!(Money::ZERO.short(), "0.00");
        assert_eq!(Money::from_nanos(999_999_999).short(), "1.00");
    }
}
