//! The metrics: pure formulas, the same for host and browser.
//!
//! Sums are whole numbers that add up in any order; a ratio is always a ratio of sums, and
//! nothing to divide by is "no data", never 0.
//!
//! Invariant: serde only. A float comes into being where a value is shown, not before.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

mod change;
mod metric;
mod rates;
mod spread;
mod sums;
mod tone;

pub use change::{Change, Changes, Compared, Verdict};
pub use metric::{Grades, Intervals, Metric};
pub use rates::{
    PROMINENCE_WHOLE, citation_rate, citation_share, mean_prominence, prominence_parts,
    share_of_voice, tone_score, visibility,
};
pub use spread::{student_95, student_95_between};
pub use sums::{SnapshotSums, weight_tenths};
pub use tone::{MentionSums, ToneSums};

/// A ratio that keeps both its parts, so that ratios of several days can be pooled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ratio {
    /// What was counted.
    pub numerator: i64,
    /// Out of how many.
    pub denominator: i64,
}

impl Ratio {
    /// `numerator` out of `denominator`.
    pub const fn new(numerator: i64, denominator: i64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// The quotient; `None` ("no data") where there is nothing to divide by.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn value(self) -> Option<f64> {
        (self.denominator > 0).then(|| self.numerator as f64 / self.denominator as f64)
    }

    /// The quotient times 100; `None` where there is nothing to divide by.
    pub fn percent(self) -> Option<f64> {
        self.value().map(|value| value * 100.0)
    }

    /// The Wilson 95 % interval of the quotient, where it is a share of independent trials.
    pub fn wilson(self) -> Option<Interval> {
        wilson(self.numerator, self.denominator)
    }
}

/// Pools two ratios: the sum of what was counted over the sum of all.
impl Add for Ratio {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(
            self.numerator.saturating_add(other.numerator),
            self.denominator.saturating_add(other.denominator),
        )
    }
}

impl Sum for Ratio {
    fn sum<I: Iterator<Item = Self>>(ratios: I) -> Self {
        ratios.fold(Self::default(), Self::add)
    }
}

/// An interval: of shares, both ends from 0 to 1, or of a mean, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether it holds `value`; the ends belong to it.
    pub fn holds(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Half of its width.
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Both ends times 100.
    #[must_use]
    pub fn percent(self) -> Self {
        Self {
            low: self.low * 100.0,
            high: self.high * 100.0,
        }
    }
}

/// The 97.5 % quantile of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Wilson score interval at 95 % for `successes` out of `trials`; `None` where there are no
/// trials, or the counts cannot be.
///
/// With `p = k/n`: `(p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`.
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", Journal of the American Statistical Association 22 (1927), 209-212.
///
/// For independent trials, such as repeats of one prompt. Answers to many prompts resemble
/// each other within a prompt: for them it is too narrow.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn wilson(successes: i64, trials: i64) -> Option<Interval> {
    if trials <= 0 || !(0..=trials).contains(&successes) {
        return None;
    }
    let interval = wilson_share(successes as f64 / trials as f64, trials as f64)?;
    Some(Interval {
        // At the borders the formula gives them exactly; floats do not.
        low: if successes == 0 { 0.0 } else { interval.low },
        high: if successes == trials {
            1.0
        } else {
            interval.high
        },
    })
}

/// [`wilson`] for a share and a number of trials that need not be whole; `None` where there
/// are none, or the share is none. For shares whose trials resemble each other: as many as
/// they are worth (L. Kish, "Survey Sampling" (1965), section 8.2; compared with other
/// intervals in C. Franco et al., Journal of Survey Statistics and Methodology 7 (2019),
/// 334-364).
pub fn wilson_share(share: f64, trials: f64) -> Option<Interval> {
    if !(trials > 0.0 && (0.0..=1.0).contains(&share)) {
        return None;
    }
    let z2 = Z_95 * Z_95;
    let scale = 1.0 + z2 / trials;
    let centre = (share + z2 / (2.0 * trials)) / scale;
    let spread = share * (1.0 - share) / trials + z2 / (4.0 * trials * trials);
    let half = Z_95 * spread.sqrt() / scale;
    Some(Interval {
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

/// How much a number can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Under 10 answers: shown grey.
    None,
    /// From 10: a direction.
    Directional,
    /// From 30.
    Plain,
    /// From 100 answers over at least 50 prompts, where the interval is narrow: good enough to
    /// decide on.
    Decision,
}

impl Grade {
    /// The grade of a number that rests on `answers` answers to `prompts` different prompts;
    /// `is_narrow`: its interval reaches no further than
    /// [`Metric::decisive_half_width`] to either side, on average.
    pub const fn of(answers: i64, prompts: i64, is_narrow: bool) -> Self {
        match answers {
            100.. if prompts >= 50 && is_narrow => Self::Decision,
            30.. => Self::Plain,
            10.. => Self::Directional,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bounds are those p at which `(k/n - p)² = z² p (1 - p) / n`, found by bisection
    /// with 50 decimals (Python's decimal), not by the formula. 81 of 263 stands in Newcombe,
    /// Statistics in Medicine 17 (1998), 857-872, table I, as 0.2553 to 0.3662.
    #[test]
    fn wilson_against_the_equation_that_defines_it() {
        for (k, n, low, high) in [
            (0, 10, 0.0, 0.277_532_799_863),
            (1, 10, 0.017_876_213_095, 0.404_150_026_795),
            (5, 10, 0.236_593_090_513, 0.763_406_909_487),
            (10, 10, 0.722_467_200_137, 1.0),
            (3, 20, 0.052_368_745_896, 0.360_418_864_741),
            (15, 100, 0.093_059_852_837, 0.232_835_595_908),
            (81, 263, 0.255_288_519_878, 0.366_209_576_983),
            (999, 1000, 0.994_357_441_402, 0.999_823_453_629),
            (1, 1, 0.206_549_314_377, 1.0),
        ] {
            let interval = wilson(k, n).expect("trials");
            assert!((interval.low - low).abs() < 1e-11, "{k}/{n}: {interval:?}");
            assert!(
                (interval.high - high).abs() < 1e-11,
                "{k}/{n}: {interval:?}"
            );
        }
    }

    #[test]
    fn wilson_of_counts_that_cannot_be() {
        for (k, n) in [(0, 0), (1, 0), (-1, 10), (11, 10), (0, -1)] {
            assert_eq!(wilson(k, n), None, "{k}/{n}");
        }
    }

    #[test]
    fn grades_at_their_borders() {
        for (answers, prompts, is_narrow, grade) in [
            (0, 0, false, Grade::None),
            (9, 9, true, Grade::None),
            (10, 1, true, Grade::Directional),
            (29, 29, true, Grade::Directional),
            (30, 1, true, Grade::Plain),
            (100, 49, true, Grade::Plain),
            (99, 60, true, Grade::Plain),
            (100, 50, false, Grade::Plain),
            (100, 50, true, Grade::Decision),
        ] {
            assert_eq!(
                Grade::of(answers, prompts, is_narrow),
                grade,
                "{answers} over {prompts}"
            );
        }
    }

    #[test]
    fn ratios_pool_as_sums() {
        let pooled: Ratio = [Ratio::new(1, 2), Ratio::new(0, 8)].into_iter().sum();
        assert_eq!(pooled.percent(), Some(10.0));
    }
}
