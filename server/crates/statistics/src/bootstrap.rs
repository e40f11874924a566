//! The interval of a pooled number: a bootstrap over prompts.

use contract::metrics::{
    Interval, Ratio, Z_95, student_95, student_95_between, wilson, wilson_share,
};

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
const FEW_CLUSTERS: usize = 20;

/// From this many clusters on resamples say what the formulas say, and take a thousand times as
/// long.
const MANY_CLUSTERS: usize = 1_000;

/// With fewer prompts than this that name the brand at all, how many do is mostly chance.
const FEW_CARRIERS: usize = 5;

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
    fn within_bounds(self, interval: Interval) -> Interval {
        self.bounds()
            .map_or(interval, |(lowest, highest)| Interval {
                low: interval.low.max(lowest),
                high: interval.high.min(highest),
            })
    }

    /// An interval of a difference cut to what can be.
    pub(super) fn within_differences(self, interval: Interval) -> Interval {
        self.bounds()
            .map_or(interval, |(lowest, highest)| Interval {
                low: interval.low.max(lowest - highest),
                high: interval.high.min(highest - lowest),
            })
    }

    /// A value as a share of the way from the lowest to the highest; `None` without bounds.
    pub(super) fn as_share(self, value: f64) -> Option<f64> {
        let (lowest, highest) = self.bounds()?;
        // Sums of floats may end a hair outside.
        Some(((value - lowest) / (highest - lowest)).clamp(0.0, 1.0))
    }

    /// A difference of such shares in the unit of the number.
    pub(super) fn stretched(self, interval: Interval) -> Interval {
        let width = self
            .bounds()
            .map_or(1.0, |(lowest, highest)| highest - lowest);
        Interval {
            low: interval.low * width,
            high: interval.high * width,
        }
    }

    /// Wilson's interval of `value` over so many trials, which are clusters or the answers of
    /// one; `None` where the number has no bounds.
    ///
    /// A value between bounds has no more variance than trials with its mean have (R. Bhatia and
    /// C. Davis, American Mathematical Monthly 107 (2000), 353-357), so it is none too narrow
    /// for values between them either.
    pub(super) fn wilson_over(self, value: f64, trials: i64) -> Option<Interval> {
        let (lowest, highest) = self.bounds()?;
        let width = highest - lowest;
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let interval = wilson_share(self.as_share(value)?, trials as f64)?;
        let scaled = |share: f64| lowest + share * width;
        let scaled = Interval {
            low: scaled(interval.low),
            high: scaled(interval.high),
        };
        // At a bound floats end a hair before it.
        Some(self.within_bounds(holding(scaled, value)))
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
///   section 6.3): few prompts hold too few values to resample;
/// - 1,000 prompts and more: the intervals without resampling that these are compared with;
/// - a [`Scale::Share`]: the wider of the bootstrap's and Wilson's over mentions, which knows that a
///   few prompts may be all that name a rare brand; with fewer than five that do, or that do
///   not, no narrower towards the others than where none does;
/// - a [`Scale::Mean`], whose prompts may weigh very differently: the wider of the bootstrap's
///   and Student's with however many prompts, with the degrees of freedom that so unequal prompts
///   are worth, and each prompt's deviation from the others instead of from all (the jackknife's
///   variance; J. G. `MacKinnon` and H. White, Journal of Econometrics 29 (1985), 305-325).
///
/// Sources: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997),
/// section 3.8 (resampling clusters whole); B. Efron (1987) and T. Hesterberg (2015), cited at
/// the formulas in `resample.rs`.
pub fn cluster_interval(draws: &mut Draws, clusters: &[Ratio], scale: Scale) -> Option<Interval> {
    let with_denominator = with_denominator(clusters);
    let estimate = quotient(&total(&with_denominator))?;
    if let [[numerator, denominator]] = with_denominator.as_slice() {
        return match scale {
            Scale::Share => wilson(*numerator, *denominator),
            _ => None,
        };
    }
    if all_equal(&with_denominator) {
        return scale.wilson_over(estimate, count(with_denominator.len()));
    }
    let resampled = if with_denominator.len() < MANY_CLUSTERS {
        let mut replicates = draws.replicates(
            &with_denominator,
            resamples(with_denominator.len()),
            quotient,
        );
        let without_one = jackknife(&with_denominator, quotient);
        corrected(
            estimate,
            &mut replicates,
            &without_one,
            expanded_z(with_denominator.len()),
        )?
    } else {
        around(estimate, 0.0)
    };
    let mut interval = holding(resampled, estimate);
    if let Some(by_formula) = counted(clusters, &with_denominator, estimate, scale) {
        interval = wider(interval, by_formula);
    }
    if scale == Scale::Share {
        interval = widen_for_few_prompts(&with_denominator, interval);
    }
    Some(scale.within_bounds(interval))
}

/// The interval without resampling that stands beside the resampled one, or instead of it; `None`
/// where the resampled one is enough.
fn counted(
    clusters: &[Ratio],
    with_denominator: &[[i64; 2]],
    estimate: f64,
    scale: Scale,
) -> Option<Interval> {
    let linear = || around(estimate, linear_half_width(with_denominator, estimate));
    let are_few = with_denominator.len() < FEW_CLUSTERS;
    match scale {
        Scale::Mean => Some(around(
            estimate,
            jackknife_half_width(with_denominator, estimate),
        )),
        Scale::Share if are_few => {
            Some(mention_wilson(clusters).map_or_else(linear, |wilson| wider(linear(), wilson)))
        }
        Scale::Share => mention_wilson(clusters),
        _ if are_few || with_denominator.len() >= MANY_CLUSTERS => Some(linear()),
        _ => None,
    }
}

/// Widens an interval where very few prompts name the brand: it reaches at least as far as if none
/// did, because one prompt that does is no evidence that fewer others may. The same where very few
/// prompts do not name it.
fn widen_for_few_prompts(with_denominator: &[[i64; 2]], interval: Interval) -> Interval {
    let over_prompts = |value: f64| Scale::Share.wilson_over(value, count(with_denominator.len()));
    let few = |is_one: fn(&&[i64; 2]) -> bool| {
        with_denominator.iter().filter(is_one).count() < FEW_CARRIERS
    };
    let mut widened = interval;
    if few(|cluster| cluster[0] > 0) {
        let high = over_prompts(0.0).map_or(1.0, |none| none.high);
        widened.high = widened.high.max(high);
    }
    if few(|cluster| cluster[0] < cluster[1]) {
        let low = over_prompts(1.0).map_or(0.0, |all| all.low);
        widened.low = widened.low.min(low);
    }
    widened
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
pub fn cluster_wilson(clusters: &[Ratio]) -> Option<Interval> {
    Moments::of(clusters).wilson(Cap::Trials)
}

/// The same of one entity's share of all mentions. Each answer mentions an entity at most once,
/// so the mentions are no trials and may be worth more than as many: with 20 prompts or more,
/// which say so, their number is no limit.
pub(super) fn mention_wilson(clusters: &[Ratio]) -> Option<Interval> {
    let moments = Moments::of(clusters);
    let cap = if moments.clusters < count(FEW_CLUSTERS) {
        Cap::Trials
    } else {
        Cap::None
    };
    moments.wilson(cap)
}

/// How many trials answers may be worth at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cap {
    /// As many as there are.
    Trials,
    /// As many as the prompts say.
    None,
}

/// What must be known of clusters for an interval without resampling: their sums and those of
/// their squares. A database can add them up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// Clusters with something to divide by.
    pub clusters: i64,
    /// Sums of numerators and denominators.
    pub sums: Ratio,
    /// Sum of the squares of the numerators.
    pub numerator_squares: i64,
    /// Sum of the products of both.
    pub products: i64,
    /// Sum of the squares of the denominators.
    pub denominator_squares: i64,
}

impl Moments {
    /// Of these clusters.
    pub fn of(clusters: &[Ratio]) -> Self {
        let with_denominator = clusters.iter().filter(|cluster| cluster.denominator > 0);
        with_denominator.fold(Self::default(), |moments, cluster| {
            let (numerator, denominator) = (cluster.numerator, cluster.denominator);
            Self {
                clusters: moments.clusters + 1,
                sums: moments.sums + *cluster,
                numerator_squares: moments.numerator_squares + numerator * numerator,
                products: moments.products + numerator * denominator,
                denominator_squares: moments.denominator_squares + denominator * denominator,
            }
        })
    }

    /// [`cluster_wilson`] of clusters with these sums.
    pub fn interval(&self) -> Option<Interval> {
        self.wilson(Cap::Trials)
    }

    /// The 95 % interval of the ratio on any scale, without resampling: [`Self::interval`] for a
    /// share; else Student's by the linear approximation, cut to what can be. Where the clusters
    /// do not differ, or there is one, a number between bounds has Wilson's over its clusters, or
    /// over the denominator of the only one, and a mean has none.
    pub fn interval_on(&self, scale: Scale) -> Option<Interval> {
        let value = self.sums.value()?;
        if scale == Scale::Share {
            // At a bound floats end a hair before it.
            return self.interval().map(|interval| holding(interval, value));
        }
        if self.clusters < 2 {
            return scale.wilson_over(value, self.sums.denominator);
        }
        let half_width = self.half_width();
        if half_width > 0.0 {
            Some(scale.within_bounds(around(value, half_width)))
        } else {
            scale.wilson_over(value, self.clusters)
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
    fn wilson(&self, cap: Cap) -> Option<Interval> {
        let Ratio {
            numerator,
            denominator,
        } = self.sums;
        let share = self.sums.value()?;
        if self.clusters < 2 {
            return wilson(numerator, denominator);
        }
        let half_width = self.half_width();
        let worth = if half_width > 0.0 {
            share * (1.0 - share) * (Z_95 / half_width).powi(2)
        } else {
            self.clusters as f64
        };
        let limit = match cap {
            Cap::None if half_width > 0.0 => f64::INFINITY,
            _ => denominator as f64,
        };
        wilson_share(share, worth.min(limit))
    }

    /// Student's half-width of the ratio, by its linear approximation.
    #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
    fn half_width(&self) -> f64 {
        // Σ(yX - Yx)², in whole numbers: exactly 0 where all clusters have one quotient.
        let (y, x) = (
            i128::from(self.sums.numerator),
            i128::from(self.sums.denominator),
        );
        let squares = i128::from(self.numerator_squares) * x * x
            - 2 * i128::from(self.products) * x * y
            + i128::from(self.denominator_squares) * y * y;
        let size = x as f64;
        let quantile = student_95(self.clusters - 1).unwrap_or(f64::INFINITY);
        let squares = squares as f64 / (size * size);
        student_half_width(
            squares,
            usize::try_from(self.clusters).unwrap_or(0),
            size,
            quantile,
        )
    }
}

/// The clusters with a denominator above 0, sorted, because a sum of floats depends on their order.
fn with_denominator(clusters: &[Ratio]) -> Vec<[i64; 2]> {
    let mut with_denominator: Vec<[i64; 2]> = clusters
        .iter()
        .filter(|cluster| cluster.denominator > 0)
        .map(|cluster| [cluster.numerator, cluster.denominator])
        .collect();
    with_denominator.sort_unstable();
    with_denominator
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
    let quantile = student_95(count(clusters.len()) - 1).unwrap_or(f64::INFINITY);
    let squares = clusters
        .iter()
        .map(|cluster| deviation(cluster, ratio).powi(2))
        .sum();
    student_half_width(squares, clusters.len(), total(clusters)[1] as f64, quantile)
}

/// The same from deviations from the other clusters, and with as many degrees of freedom as a sum
/// of squares of such unequal clusters is worth (F. E. Satterthwaite, Biometrics Bulletin 2
/// (1946), 110-114): `(Σx²)² / Σx⁴ - 1`, for deviations that grow with the denominators.
#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn jackknife_half_width(clusters: &[[i64; 2]], ratio: f64) -> f64 {
    let size = total(clusters)[1] as f64;
    let weights = || clusters.iter().map(|[_, weight]| *weight as f64);
    let squares: f64 = clusters
        .iter()
        .zip(weights())
        .map(|(cluster, weight)| (deviation(cluster, ratio) / (1.0 - weight / size)).powi(2))
        .sum();
    let powers = |power: i32| weights().map(|weight| weight.powi(power)).sum::<f64>();
    let freedom = powers(2).powi(2) / powers(4) - 1.0;
    student_95_between(freedom) * squares.sqrt() / size
}

/// What a cluster adds to the deviation of the ratio.
#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn deviation([numerator, denominator]: &[i64; 2], ratio: f64) -> f64 {
    *numerator as f64 - ratio * *denominator as f64
}

/// `quantile · sqrt(n/(n-1) · squares) / size`, for `n` clusters.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn student_half_width(squares: f64, clusters: usize, size: f64, quantile: f64) -> f64 {
    let n = clusters as f64;
    quantile * (n / (n - 1.0) * squares).sqrt() / size
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

pub(super) fn around(value: f64, half_width: f64) -> Interval {
    Interval {
        low: value - half_width,
        high: value + half_width,
    }
}

/// The smallest interval that holds both.
fn wider(one: Interval, other: Interval) -> Interval {
    Interval {
        low: one.low.min(other.low),
        high: one.high.max(other.high),
    }
}

/// The interval, widened to hold `value`.
fn holding(interval: Interval, value: f64) -> Interval {
    wider(interval, around(value, 0.0))
}
