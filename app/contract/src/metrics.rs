//! The metrics: pure formulas, the same for host and browser.
//!
//! Sums are whole numbers that add up in any order; a ratio is always a ratio of sums, and
//! nothing to divide by is "no data", never 0.
//!
//! Invariant: serde only. A float comes into being where a value is shown, not before.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

mod change;
mod interval;
mod metric;
mod rates;
mod spread;
mod sums;
mod tone;

pub use change::{Change, Changes, Compared, Verdict};
pub use interval::{Interval, Intervals, Z_95, wilson, wilson_share};
pub use metric::{Grades, Metric};
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

/// Answers below which a number is grey, wherever it stands.
const FEW_ANSWERS: i64 = 10;

/// Whether a number rests on too few answers to be read as one.
pub const fn is_few(answers: i64) -> bool {
    answers < FEW_ANSWERS
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
            FEW_ANSWERS.. => Self::Directional,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_grey_has_no_grade() {
        for answers in 0..200 {
            let grade = Grade::of(answers, answers, true);
            assert_eq!(is_few(answers), grade == Grade::None, "{answers}");
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
