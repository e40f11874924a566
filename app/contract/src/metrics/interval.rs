//! Intervals: one of a number, those of several numbers, and that of a share of trials.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::Metric;

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

/// The 95 % intervals of some numbers; those without one are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Intervals(Vec<(Metric, Interval)>);

impl Intervals {
    /// The interval of a number; `None`: too little to tell one.
    pub fn get(&self, metric: Metric) -> Option<Interval> {
        let found = self.0.iter().find(|(known, _)| *known == metric);
        found.map(|(_, interval)| *interval)
    }

    /// These, and those of other numbers.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

impl FromIterator<(Metric, Interval)> for Intervals {
    fn from_iter<I: IntoIterator<Item = (Metric, Interval)>>(intervals: I) -> Self {
        Self(intervals.into_iter().collect())
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
}
