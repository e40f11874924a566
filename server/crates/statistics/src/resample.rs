//! The bootstrap itself: clusters drawn with replacement, and the interval of what they give.
//!
//! Invariant: draws follow from a fixed seed, and clusters are sorted first.

use contract::metrics::{Interval, Z_95, student_95};

use super::normal;

/// Where the draws begin; any number would do.
const SEED: u64 = 0x5eed_0f9a_7a11_a0e5;

/// `SplitMix64`: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014, figure 17. Short, fast, and good enough to draw clusters.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

const fn upper(bits: u64) -> u32 {
    (bits >> 32) as u32
}

/// A number from 0 to below `length` from 32 random bits: the upper half of their product.
const fn below(bits: u32, length: u32) -> u32 {
    upper(bits as u64 * length as u64)
}

/// Which clusters are drawn, kept from one number to the next: all that have as many clusters
/// draw the same places, and finding those takes longer than adding up what stands there.
#[derive(Debug, Default)]
pub struct Draws {
    clusters: usize,
    resamples: usize,
    places: Vec<u32>,
}

impl Draws {
    /// The places of `resamples` resamples of `clusters` clusters, one after the other.
    fn places(&mut self, clusters: usize, resamples: usize) -> &[u32] {
        if (self.clusters, self.resamples) != (clusters, resamples) {
            self.draw(clusters, resamples);
        }
        &self.places
    }

    fn draw(&mut self, clusters: usize, resamples: usize) {
        (self.clusters, self.resamples) = (clusters, resamples);
        let length = u32::try_from(clusters).unwrap_or(u32::MAX);
        let mut random = SplitMix(SEED);
        self.places.clear();
        self.places.reserve(clusters.saturating_mul(resamples));
        for _ in 0..resamples {
            for _ in 0..length / 2 {
                let bits = random.next();
                self.places.push(below(upper(bits), length));
                self.places.push(below(upper(bits << 32), length));
            }
            if length % 2 == 1 {
                self.places.push(below(upper(random.next()), length));
            }
        }
    }

    /// What `statistic` gives for sums of resampled clusters, in ascending order. Values that
    /// are none (nothing to divide by) are left out.
    pub(super) fn replicates<const K: usize>(
        &mut self,
        clusters: &[[i64; K]],
        resamples: usize,
        statistic: impl Fn(&[i64; K]) -> Option<f64>,
    ) -> Vec<f64> {
        if clusters.is_empty() {
            return Vec::new();
        }
        let mut sorted = clusters.to_vec();
        sorted.sort_unstable();
        let mut values = Vec::with_capacity(resamples);
        let places = self.places(sorted.len(), resamples);
        for resample in places.chunks_exact(sorted.len()) {
            let mut sums = [0_i64; K];
            for place in resample {
                let drawn = &sorted[*place as usize];
                for (sum, value) in sums.iter_mut().zip(drawn) {
                    *sum = sum.wrapping_add(*value);
                }
            }
            values.extend(statistic(&sums).filter(|value| value.is_finite()));
        }
        values.sort_unstable_by(f64::total_cmp);
        values
    }
}

/// What `statistic` gives without each cluster in turn.
pub(super) fn jackknife<const K: usize>(
    clusters: &[[i64; K]],
    statistic: impl Fn(&[i64; K]) -> Option<f64>,
) -> Vec<f64> {
    let all = total(clusters);
    let without = |cluster: &[i64; K]| {
        let mut rest = all;
        for (sum, value) in rest.iter_mut().zip(cluster) {
            *sum = sum.wrapping_sub(*value);
        }
        statistic(&rest)
    };
    clusters.iter().filter_map(without).collect()
}

/// The sums over all clusters.
pub(super) fn total<const K: usize>(clusters: &[[i64; K]]) -> [i64; K] {
    let mut sums = [0_i64; K];
    for cluster in clusters {
        for (sum, value) in sums.iter_mut().zip(cluster) {
            *sum = sum.saturating_add(*value);
        }
    }
    sums
}

/// How far out the ends of the interval lie, on the scale of the normal distribution:
/// `sqrt(n/(n-1)) · t(n-1)` instead of 1.96.
///
/// Source: T. Hesterberg, "What teachers should know about the bootstrap", The American
/// Statistician 69 (2015), 371-386 (the expanded percentile interval): resamples of
/// few clusters spread too little, by `sqrt((n-1)/n)`, and the normal quantile ignores that
/// their spread is itself an estimate.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn expanded_z(clusters: usize) -> f64 {
    let n = clusters as f64;
    let freedom = i64::try_from(clusters).unwrap_or(i64::MAX) - 1;
    student_95(freedom).map_or(Z_95, |quantile| quantile * (n / (n - 1.0)).sqrt())
}

/// The interval that is corrected for bias and for a spread that changes with the value (`BCa`),
/// whose uncorrected ends lie `z` standard deviations out; `None` without replicates.
///
/// Ends at the shares `Φ(z0 + (z0 ± z) / (1 - a (z0 ± z)))` of the replicates, with `z0` the
/// normal quantile of the share of replicates below the estimate (ties count half) and
/// `a = Σd³ / 6 (Σd²)^1.5` over the deviations `d` of the jackknife's values from their mean.
/// Source: B. Efron, "Better bootstrap confidence intervals", Journal of the American
/// Statistical Association 82 (1987), 171-185.
pub(super) fn corrected(
    estimate: f64,
    replicates: &[f64],
    jackknife: &[f64],
    z: f64,
) -> Option<Interval> {
    if replicates.is_empty() {
        return None;
    }
    let bias = normal::quantile(share_below(estimate, replicates));
    let acceleration = acceleration(jackknife);
    let end = |z: f64| {
        let scale = 1.0 - acceleration * (bias + z);
        // Beyond the pole of the formula there is only the last replicate.
        let shifted = if scale > 0.0 {
            bias + (bias + z) / scale
        } else {
            z.signum() * f64::INFINITY
        };
        at_share(replicates, normal::below(shifted))
    };
    Some(Interval {
        low: end(-z),
        high: end(z),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn share_below(estimate: f64, replicates: &[f64]) -> f64 {
    // Sums in another order may differ in the last bits.
    let near = estimate.abs().max(1.0) * 1e-12;
    let less = replicates.partition_point(|value| *value < estimate - near);
    let not_more = replicates.partition_point(|value| *value <= estimate + near);
    (less + not_more) as f64 / (2 * replicates.len()) as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn acceleration(jackknife: &[f64]) -> f64 {
    let mean = jackknife.iter().sum::<f64>() / jackknife.len() as f64;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for value in jackknife {
        let deviation = mean - value;
        squares += deviation * deviation;
        cubes += deviation * deviation * deviation;
    }
    let scale = 6.0 * f64::powf(squares, 1.5);
    if scale > 0.0 { cubes / scale } else { 0.0 }
}

/// The value below which `share` of the sorted values lie, between two by a straight line.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a length is a place in it"
)]
fn at_share(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = (share * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let lower = place.floor() as usize;
    let upper = (lower + 1).min(last);
    sorted[lower] + (sorted[upper] - sorted[lower]) * (place - place.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs from seed 1234567 of the authors' own implementation.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
            ]
        );
    }

    #[test]
    fn places_in_a_sorted_list() {
        let sorted = [1.0, 2.0, 4.0];
        for (share, value) in [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.5, 2.0),
            (0.625, 3.0),
            (1.0, 4.0),
        ] {
            assert!((at_share(&sorted, share) - value).abs() < 1e-12, "{share}");
        }
    }
}
