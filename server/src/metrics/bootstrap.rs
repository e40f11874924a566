//! The interval of a pooled number: a bootstrap over prompts.

use app::model::metrics::{Interval, Ratio, Z_95, student_95, wilson, wilson_share};

use super::resample::{Draws, corrected, expanded_z, jackknife, total};

/// Draws of one bootstrap, about: few prompts are drawn more often for the same work.
const DRAWS: usize = 4_000_000;

/// How often that many clusters are drawn anew, 2,000 to 10,000 times. At 2,000 the ends of a
/// 95 % interval wander by some tenth of its half-width from seed to seed; the seed is fixed.
pub const fn resamples(clusters: usize) -> usize {
    match DRAWS / if clusters == 0 { 1 } else { clusters } {
        many if many > 10_000 => 10_000,
        few if few < 2_000 => 2_000,
        some => some,
    }
}

/// With fewer clusters than this, resamples repeat too few values to say how wide the interval
/// is. Source: A. C. Cameron, J. Gelbach and D. Miller, "Bootstrap-based improvements for
/// inference with clustered errors", Review of Economics and Statistics 90 (2008), 414-427.
pub(super) const FEW_CLUSTERS: usize = 20;

/// What a ratio of sums is a ratio of; decides its bounds and what replaces the bootstrap where
/// there is nothing to resample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Successes out of trials: visibility, share of voice, citation rate.
    Share,
    /// From 0 to 1, but the denominator counts weights and no trials: weighted share of voice,
    /// prominence.
    Weighted,
    /// From -1 to 1: net sentiment.
    Balance,
    /// A mean without bounds: average position, latency.
    Mean,
}

impl Scale {
    /// The lowest and the highest value there can be.
    const fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::Share | Self::Weighted => Some((0.0, 1.0)),
            Self::Balance => Some((-1.0, 1.0)),
            Self::Mean => None,
        }
    }

    /// An interval cut to what can be.
    pub(super) fn within_bounds(self, interval: Interval) -> Interval {
        self.bounds()
            .map_or(interval, |(lowest, highest)| Interval {
                low: interval.low.max(lowest),
                high: interval.high.min(highest),
            })
    }

    /// Wilson's interval of `value` as if each of `clusters` were one trial; `None` where the
    /// number has no bounds.
    ///
    /// A value between bounds has no more variance than trials with its mean have (R. Bhatia and
    /// C. Davis, American Mathematical Monthly 107 (2000), 353-357), so it is none too narrow
    /// for values between them either.
    pub(super) fn wilson_over(self, value: f64, clusters: usize) -> Option<Interval> {
        let (lowest, highest) = self.bounds()?;
        let width = highest - lowest;
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let interval = wilson_share((value - lowest) / width, clusters as f64)?;
        let scaled = |share: f64| lowest + share * width;
        Some(self.within_bounds(Interval {
            low: scaled(interval.low),
            high: scaled(interval.high),
        }))
    }
}

/// The 95 % interval of the ratio of sums over `clusters`, one entry a prompt: an expanded `BCa`
/// bootstrap of [`resamples`] draws of whole prompts.
///
/// Prompts with nothing to divide by say nothing about the number and are left out. It holds
/// the estimate, lies within the number's bounds, does not depend on the order of the prompts
/// and is the same each time. Where resampling cannot tell:
/// - one prompt: Wilson over its answers for a [`Scale::Share`], `None` for all else;
/// - prompts that all give the same value, such as all 0 or all 1: resamples would give a
///   point. Wilson instead, as if each prompt were one answer, which is what its answers are
///   worth if they are all alike (Kish's design effect with a correlation of 1; Wilson over
///   effective trials: C. Franco et al., Journal of Survey Statistics and Methodology 7 (2019),
///   334-364). A [`Scale::Mean`] has no bounds to reckon with: `None`;
/// - fewer than 20 prompts: the wider of the bootstrap's and Student's interval of the ratio,
///   `t(n-1) · sqrt(n/(n-1) · Σ(y - r x)²) / Σx` (W. G. Cochran, "Sampling Techniques" (1977),
///   section 6.3): few prompts hold too few values to resample.
///
/// Sources: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997),
/// section 3.8 (resampling clusters whole); B. Efron (1987) and T. Hesterberg (2015), cited at
/// the formulas in `resample.rs`.
pub fn cluster_interval(draws: &mut Draws, clusters: &[Ratio], scale: Scale) -> Option<Interval> {
    let telling = telling(clusters);
    let estimate = quotient(&total(&telling))?;
    if let [[numerator, denominator]] = telling.as_slice() {
        return match scale {
            Scale::Share => wilson(*numerator, *denominator),
            _ => None,
        };
    }
    if all_equal(&telling) {
        return scale.wilson_over(estimate, telling.len());
    }
    let replicates = draws.replicates(&telling, resamples(telling.len()), quotient);
    let left_out = jackknife(&telling, quotient);
    let bootstrap = corrected(estimate, &replicates, &left_out, expanded_z(telling.len()))?;
    let mut interval = holding(bootstrap, estimate);
    if telling.len() < FEW_CLUSTERS {
        interval = wider(
            interval,
            around(estimate, linear_half_width(&telling, estimate)),
        );
    }
    Some(scale.within_bounds(interval))
}

/// The 95 % interval of a share over `clusters` without resampling, for tables of many rows:
/// Wilson's, over as many trials as the answers are worth. `None` without trials, or where a
/// numerator exceeds its denominator.
///
/// Worth: `r (1-r) / v · (1.96 / t(k-1))²`, at most the number of trials, with the variance of
/// the ratio `v = k/(k-1) · Σ(y - r x)² / (Σx)²` over `k` prompts (W. G. Cochran, "Sampling
/// Techniques" (1977), section 6.3). Source: C. Franco et al., Journal of Survey Statistics and
/// Methodology 7 (2019), 334-364, who find Wilson's the best of eight where shares are small.
/// Where all prompts give the same share: one trial a prompt, as in [`cluster_interval`].
#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
pub fn cluster_wilson(clusters: &[Ratio]) -> Option<Interval> {
    let telling = telling(clusters);
    let sums = total(&telling);
    let share = quotient(&sums)?;
    let prompts = telling.len();
    if prompts < 2 {
        return wilson(sums[0], sums[1]);
    }
    let half_width = linear_half_width(&telling, share);
    let worth = if half_width > 0.0 {
        share * (1.0 - share) * (Z_95 / half_width).powi(2)
    } else {
        prompts as f64
    };
    wilson_share(share, worth.min(sums[1] as f64))
}

/// The clusters that have something to divide by, in an order that does not depend on theirs:
/// sums of floats do.
fn telling(clusters: &[Ratio]) -> Vec<[i64; 2]> {
    let mut telling: Vec<[i64; 2]> = clusters
        .iter()
        .filter(|cluster| cluster.denominator > 0)
        .map(|cluster| [cluster.numerator, cluster.denominator])
        .collect();
    telling.sort_unstable();
    telling
}

/// The quotient of two sums; `None` where there is nothing to divide by.
pub(super) fn quotient(sums: &[i64; 2]) -> Option<f64> {
    Ratio::new(sums[0], sums[1]).value()
}

/// Whether all clusters have one and the same quotient.
fn all_equal(clusters: &[[i64; 2]]) -> bool {
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    clusters
        .windows(2)
        .all(|pair| product(pair[0][0], pair[1][1]) == product(pair[1][0], pair[0][1]))
}

/// Student's half-width of a ratio of sums, by its linear approximation.
#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn linear_half_width(clusters: &[[i64; 2]], ratio: f64) -> f64 {
    let squares: f64 = clusters
        .iter()
        .map(|[numerator, denominator]| (*numerator as f64 - ratio * *denominator as f64).powi(2))
        .sum();
    student_half_width(squares, clusters.len(), total(clusters)[1] as f64)
}

/// `t(n-1) · sqrt(n/(n-1) · squares) / size`, for `n` clusters.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn student_half_width(squares: f64, clusters: usize, size: f64) -> f64 {
    let n = clusters as f64;
    let freedom = i64::try_from(clusters).unwrap_or(i64::MAX) - 1;
    let quantile = student_95(freedom).unwrap_or(f64::INFINITY);
    quantile * (n / (n - 1.0) * squares).sqrt() / size
}

pub(super) fn around(value: f64, half_width: f64) -> Interval {
    Interval {
        low: value - half_width,
        high: value + half_width,
    }
}

/// The smallest interval that holds both.
pub(super) fn wider(one: Interval, other: Interval) -> Interval {
    Interval {
        low: one.low.min(other.low),
        high: one.high.max(other.high),
    }
}

/// The interval, widened to hold `value`.
pub(super) fn holding(interval: Interval, value: f64) -> Interval {
    wider(interval, around(value, 0.0))
}
