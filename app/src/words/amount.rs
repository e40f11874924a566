//! A value in its unit and the interval around it, as people read them: the one place that writes
//! intervals.
//!
//! Invariant: what stands beside each other has the same decimals, so that low ≤ value ≤ high holds
//! as shown.

use super::numbers::{self, NO_BREAK, decimal, signed, with_percent_sign};
use crate::model::language::Language;
use crate::model::metrics::Interval;
use crate::texts::dashboard as texts;

/// An interval of shares that is narrower than this is written with a decimal.
const NARROW: f64 = 0.03;
/// Differences smaller than this many points are written with a decimal.
const SMALL_POINTS: f64 = 0.95;

/// The numbers of a figure's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Between 0 and 1.
    Share(f64),
    /// 1 is the first place.
    Place(f64),
    /// Between -1 and 1, written from -100 to +100.
    Balance(f64),
}

impl Amount {
    /// The number alone.
    pub const fn value(self) -> f64 {
        match self {
            Self::Share(value) | Self::Place(value) | Self::Balance(value) => value,
        }
    }

    /// Another number in the same unit.
    const fn with(self, value: f64) -> Self {
        match self {
            Self::Share(_) => Self::Share(value),
            Self::Place(_) => Self::Place(value),
            Self::Balance(_) => Self::Balance(value),
        }
    }

    /// The amount for people, where no interval stands beside it: shares with a decimal.
    pub fn words(self, language: Language) -> String {
        match self {
            Self::Share(share) => numbers::percent(language, share),
            _ => self.shown(language, None),
        }
    }

    /// The amount as it stands beside its interval: without decimals, but where the interval is
    /// narrow, or where a share would seem to be none or all.
    pub fn shown(self, language: Language, interval: Option<Interval>) -> String {
        let (number, sign) = self.on_card(language, interval);
        number + sign
    }

    /// The same, and apart what stands behind it in small letters.
    pub fn on_card(self, language: Language, interval: Option<Interval>) -> (String, &'static str) {
        let is_end = matches!(self, Self::Share(share) if share <= 0.0 || share >= 1.0);
        let decimals = if is_end { 0 } else { self.decimals(interval) };
        let sign = match (self, language) {
            (Self::Share(_), Language::English) => "%",
            (Self::Share(_), Language::Spanish) => "\u{a0}%",
            (Self::Place(_) | Self::Balance(_), _) => "",
        };
        (self.number(language, decimals), sign)
    }

    /// The interval around it in the same unit: `59–69%`, `1.8–3.2`, `+41 … +51`.
    pub fn interval_words(self, language: Language, interval: Interval) -> String {
        let decimals = self.decimals(Some(interval));
        let end = |value| self.with(value).number(language, decimals);
        let (low, high) = (end(interval.low), end(interval.high));
        match self {
            Self::Share(_) => with_percent_sign(language, &format!("{low}–{high}")),
            Self::Place(_) => format!("{low}–{high}"),
            Self::Balance(_) => format!("{low}{NO_BREAK}… {high}"),
        }
    }

    /// How many decimals it has, and the interval around it.
    fn decimals(self, interval: Option<Interval>) -> usize {
        match self {
            Self::Share(share) => usize::from(is_narrow(interval) || seems_end(share)),
            Self::Place(_) => 1,
            Self::Balance(_) => usize::from(is_narrow(interval)),
        }
    }

    /// Without its unit.
    fn number(self, language: Language, decimals: usize) -> String {
        match self {
            Self::Share(share) => decimal(language, share * 100.0, decimals),
            Self::Place(place) => decimal(language, place, decimals),
            Self::Balance(balance) => signed(language, balance * 100.0, decimals),
        }
    }

    /// A difference between two such amounts, for people: percentage points or places.
    pub fn difference_words(self, language: Language, difference: f64) -> String {
        let (text, difference) = match self {
            Self::Place(_) => (texts::MOVED_PLACES, difference),
            Self::Share(_) | Self::Balance(_) => (texts::MOVED, difference * 100.0),
        };
        text.fill(
            language,
            &[("difference", &signed(language, difference, 1))],
        )
    }
}

fn is_narrow(interval: Option<Interval>) -> bool {
    interval.is_some_and(|interval| interval.high - interval.low < NARROW)
}

/// Whether a share would be written as none or all without a decimal, and is neither.
fn seems_end(share: f64) -> bool {
    share > 0.0 && share < 1.0 && !(0.5..99.5).contains(&(share * 100.0))
}

/// The size of a difference of shares in points: without decimals from one point on, but where the
/// interval around it is narrow. Whether it reads as one.
pub fn points(language: Language, difference: f64, interval: Option<Interval>) -> (String, bool) {
    let size = (difference * 100.0).abs();
    let words = decimal(language, size, point_decimals(difference, interval));
    let is_one = words == "1" || words == decimal(language, 1.0, 1);
    (words, is_one)
}

/// The ends of the interval around a difference of shares, in points.
pub(super) fn ends_in_points(
    language: Language,
    difference: f64,
    interval: Interval,
) -> (String, String) {
    let decimals = point_decimals(difference, Some(interval));
    let end = |end: f64| signed(language, end * 100.0, decimals);
    (end(interval.low), end(interval.high))
}

fn point_decimals(difference: f64, interval: Option<Interval>) -> usize {
    usize::from(is_narrow(interval) || difference.abs() * 100.0 < SMALL_POINTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    const fn between(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    /// A written number as a number, whatever its sign, unit and language.
    fn read(language: Language, words: &str) -> f64 {
        let plain: String = words
            .chars()
            .filter_map(|letter| match (letter, language) {
                ('−', _) => Some('-'),
                ('+' | '%' | '\u{a0}', _) => None,
                (',', Language::Spanish) => Some('.'),
                (letter, _) => Some(letter),
            })
            .collect();
        plain.trim().parse().expect(words)
    }

    fn read_interval(language: Language, words: &str) -> (f64, f64) {
        let (low, high) = words
            .split_once('–')
            .or_else(|| words.split_once('…'))
            .expect(words);
        (read(language, low), read(language, high))
    }

    /// Many intervals around many values, each with ends that lie as unevenly as they may.
    fn around(least: f64, most: f64) -> impl Iterator<Item = (f64, Interval)> {
        let halves = [0.0, 0.000_4, 0.004, 0.014_9, 0.015_1, 0.05, 0.3];
        (0..=400_u32).flat_map(move |step| {
            let value = least + (most - least) * f64::from(step) / 400.0;
            halves.into_iter().flat_map(move |below| {
                halves.into_iter().map(move |above| {
                    let interval = between((value - below).max(least), (value + above).min(most));
                    (value, interval)
                })
            })
        })
    }

    #[test]
    fn a_value_lies_in_its_interval_as_shown() {
        type Unit = (fn(f64) -> Amount, f64, f64);
        let units: [Unit; 3] = [
            (Amount::Share, 0.0, 1.0),
            (Amount::Place, 1.0, 12.0),
            (Amount::Balance, -1.0, 1.0),
        ];
        for language in Language::ALL {
            for (unit, least, most) in units {
                for (value, interval) in around(least, most) {
                    let amount = unit(value);
                    let shown = amount.shown(language, Some(interval));
                    let around = amount.interval_words(language, interval);
                    let (low, high) = read_interval(language, &around);
                    let number = read(language, &shown);
                    assert!(low <= number && number <= high, "{shown} in {around}");
                }
            }
        }
    }

    #[test]
    fn a_difference_lies_in_its_interval_as_shown() {
        for language in Language::ALL {
            for (difference, interval) in around(-0.5, 0.5) {
                let (size, _) = points(language, difference, Some(interval));
                let size = read(language, &size).copysign(difference);
                let (low, high) = ends_in_points(language, difference, interval);
                let (low, high) = (read(language, &low), read(language, &high));
                assert!(low <= size && size <= high, "{size} in {low} to {high}");
            }
        }
    }

    #[test]
    fn a_narrow_interval_of_shares_has_a_decimal() {
        for (value, interval, shown, around) in [
            (0.64, between(0.59, 0.69), "64%", "59–69%"),
            (0.2574, between(0.2561, 0.2587), "25.7%", "25.6–25.9%"),
            (0.999, between(0.9967, 1.0), "99.9%", "99.7–100.0%"),
            (0.998, between(0.96, 1.0), "99.8%", "96.0–100.0%"),
            (0.0, between(0.0, 0.66), "0%", "0–66%"),
            (1.0, between(0.98, 1.0), "100%", "98.0–100.0%"),
        ] {
            let amount = Amount::Share(value);
            assert_eq!(amount.shown(EN, Some(interval)), shown);
            assert_eq!(amount.interval_words(EN, interval), around);
        }
    }

    #[test]
    fn a_share_has_a_decimal_where_it_tells_something() {
        let narrow = Some(between(0.63, 0.65));
        for (value, interval, words) in [
            (0.6432, None, "64%"),
            (0.6432, narrow, "64.3%"),
            (0.0, narrow, "0%"),
            (1.0, None, "100%"),
            (0.998, None, "99.8%"),
            (0.002, None, "0.2%"),
        ] {
            assert_eq!(Amount::Share(value).shown(EN, interval), words);
        }
    }

    #[test]
    fn places_and_balances_have_their_own_words() {
        let place = Amount::Place(2.2);
        assert_eq!(place.shown(ES, None), "2,2");
        assert_eq!(place.interval_words(ES, between(2.0, 2.4)), "2,0–2,4");
        let balance = Amount::Balance(0.46);
        assert_eq!(balance.words(EN), "+46");
        let wide = between(-0.041, 0.51);
        assert_eq!(balance.interval_words(EN, wide), "−4\u{a0}… +51");
        let narrow = between(0.45, 0.47);
        assert_eq!(balance.shown(ES, Some(narrow)), "+46,0");
        assert_eq!(balance.interval_words(ES, narrow), "+45,0\u{a0}… +47,0");
    }

    #[test]
    fn a_card_has_its_sign_apart() {
        let on_card = |amount: Amount, language| amount.on_card(language, None);
        let share = Amount::Share(0.642);
        assert_eq!(on_card(share, EN), ("64".to_owned(), "%"));
        assert_eq!(on_card(share, ES), ("64".to_owned(), "\u{a0}%"));
        let tone = Amount::Balance(0.46);
        assert_eq!(on_card(tone, EN), ("+46".to_owned(), ""));
    }
}
