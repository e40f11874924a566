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
fn below(bits: u32, length: u16) -> u16 {
    let place = upper(u64::from(bits) * u64::from(length));
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Which clusters are drawn, kept from one number to the next: all that have as many clusters
/// draw the same places, and finding those takes longer than adding up what stands there.
#[derive(Debug, Default)]
pub struct Draws {
    clusters: u16,
    resamples: usize,
    /// Half as much to read as four bytes each: they are read again for every number.
    places: Vec<u16>,
}

impl Draws {
    /// The places of `resamples` resamples of `clusters` clusters, one after the other.
    fn places(&mut self, clusters: u16, resamples: usize) -> &[u16] {
        if (self.clusters, self.resamples) != (clusters, resamples) {
            self.draw(clusters, resamples);
        }
        &self.places
    }

    fn draw(&mut self, length: u16, resamples: usize) {
        (self.clusters, self.resamples) = (length, resamples);
        let mut random = SplitMix(SEED);
        self.places.clear();
        self.places
            .reserve(usize::from(length).saturating_mul(resamples));
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

    /// What `statistic` gives for sums of resampled clusters, in no order. Values that are none
    /// (nothing to divide by) are left out. None of more clusters than 65,535.
    pub(super) fn replicates(
        &mut self,
        clusters: &[[i64; 2]],
        resamples: usize,
        statistic: impl Fn(&[i64; 2]) -> Option<f64>,
    ) -> Vec<f64> {
        let length = match u16::try_from(clusters.len()) {
            Ok(length) if length > 0 => length,
            _ => return Vec::new(),
        };
        let mut sorted = clusters.to_vec();
        sorted.sort_unstable();
        let places = self.places(length, resamples);
        let each = places.chunks_exact(sorted.len());
        let found = |sums: [i64; 2]| statistic(&sums).filter(|value| value.is_finite());
        if let Some(packed) = packed(&sorted) {
            each.filter_map(|places| found(unpacked(sum_of(&packed, places))))
                .collect()
        } else {
            each.filter_map(|places| found(sums_of(&sorted, places)))
                .collect()
        }
    }
}

/// How many bits of a packed pair are the second number.
const SECOND_BITS: u32 = 32;

/// Pairs of numbers as one number each, so that one addition adds both; `None` where the sums of
/// as many of them as there are would not fit.
fn packed(pairs: &[[i64; 2]]) -> Option<Vec<i64>> {
    let length = i64::try_from(pairs.len()).ok()?;
    let fits = |[first, second]: &[i64; 2]| {
        let most = |value: i64| value.checked_abs()?.checked_mul(length);
        *second >= 0
            && most(*first).is_some_and(|most| most < 1 << (SECOND_BITS - 1))
            && most(*second).is_some_and(|most| most < 1 << SECOND_BITS)
    };
    let pack = |[first, second]: &[i64; 2]| (first << SECOND_BITS) + second;
    pairs
        .iter()
        .all(fits)
        .then(|| pairs.iter().map(pack).collect())
}

/// The pair that such a number, or a sum of such numbers, stands for.
const fn unpacked(sum: i64) -> [i64; 2] {
    let second = sum & ((1 << SECOND_BITS) - 1);
    [(sum - second) >> SECOND_BITS, second]
}

/// The sum of what stands at these places. Four sums side by side: none waits for the one before it.
fn sum_of(values: &[i64], places: &[u16]) -> i64 {
    let at = |place: u16| values[usize::from(place)];
    let (fours, rest) = places.as_chunks::<4>();
    let mut sums = [0_i64; 4];
    for four in fours {
        for (sum, place) in sums.iter_mut().zip(four) {
            *sum = sum.wrapping_add(at(*place));
        }
    }
    let rest = rest.iter().map(|place| at(*place));
    sums.into_iter().chain(rest).fold(0, i64::wrapping_add)
}

/// The sums of the pairs that stand at these places.
fn sums_of(pairs: &[[i64; 2]], places: &[u16]) -> [i64; 2] {
    places.iter().fold([0; 2], |[first, second], place| {
        let drawn = pairs[usize::from(*place)];
        [first.wrapping_add(drawn[0]), second.wrapping_add(drawn[1])]
    })
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
/// whose uncorrected ends lie `z` standard deviations out; `None` without replicates, which come
/// in any order and are left in another.
///
/// Ends at the shares `Φ(z0 + (z0 ± z) / (1 - a (z0 ± z)))` of the replicates, with `z0` the
/// normal quantile of the share of replicates below the estimate (ties count half) and
/// `a = Σd³ / 6 (Σd²)^1.5` over the deviations `d` of the jackknife's values from their mean.
/// Source: B. Efron, "Better bootstrap confidence intervals", Journal of the American
/// Statistical Association 82 (1987), 171-185.
pub(super) fn corrected(
    estimate: f64,
    replicates: &mut [f64],
    jackknife: &[f64],
    z: f64,
) -> Option<Interval> {
    if replicates.is_empty() {
        return None;
    }
    let bias = normal::quantile(share_below(estimate, replicates));
    let acceleration = acceleration(jackknife);
    let mut end = |z: f64| {
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
    let below = |end: f64| replicates.iter().filter(|value| **value < end).count();
    let less = below(estimate - near);
    let not_more = below((estimate + near).next_up());
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

/// The value below which `share` of the values lie, between two by a straight line. They are put
/// in order only as far as that takes, which is a fraction of the work of sorting them.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a length is a place in it"
)]
fn at_share(values: &mut [f64], share: f64) -> f64 {
    let last = values.len() - 1;
    let place = (share * (values.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let (_, lower, above) = values.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
    let lower = *lower;
    let upper = above.iter().copied().min_by(f64::total_cmp);
    lower + (upper.unwrap_or(lower) - lower) * (place - place.floor())
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

    /// Adding pairs as one number each gives what adding them by themselves gives.
    #[test]
    fn packed_pairs_add_up_as_pairs_do() {
        let mut random = SplitMix(7);
        for round in 0..500 {
            let length = 1 + round % 40;
            let bound = 1_i64 << (round % 26);
            let pairs: Vec<[i64; 2]> = (0..length)
                .map(|_| {
                    let [first, second] = [0, 32].map(|by| i64::from(upper(random.next() << by)));
                    [first % bound - bound / 2, second % bound]
                })
                .collect();
            let places: Vec<u16> = (0..length)
                .map(|_| below(upper(random.next()), length))
                .collect();
            let packed = packed(&pairs).expect("they fit");
            assert_eq!(unpacked(sum_of(&packed, &places)), sums_of(&pairs, &places));
        }
        for too_much in [
            [0, -1],
            [1 << 31, 0],
            [-1 << 31, 0],
            [0, 1 << 32],
            [i64::MIN, i64::MAX],
        ] {
            assert_eq!(packed(&[too_much]), None, "{too_much:?}");
        }
        assert_eq!(packed(&[[1 << 30, 0]; 2]), None);
    }

    #[test]
    fn places_in_a_sorted_list() {
        let values = [4.0, 1.0, 2.0];
        for (share, value) in [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.5, 2.0),
            (0.625, 3.0),
            (1.0, 4.0),
        ] {
            let found = at_share(&mut values.clone(), share);
            assert!((found - value).abs() < 1e-12, "{share}");
        }
    }

    /// Values that are not in order, with ties, give what a sorted list gives by its places.
    #[test]
    fn what_is_not_sorted_gives_what_a_sorted_list_gives() {
        let mut random = SplitMix(11);
        for length in 1..200_u32 {
            let mut values: Vec<f64> = (0..length)
                .map(|_| f64::from(upper(random.next()) % (length / 2 + 1)) / 7.0)
                .collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let estimate = sorted[sorted.len() / 2];
            let places = |end: f64| sorted.partition_point(|value| *value < end);
            let share =
                f64::from(u32::try_from(places(estimate) + places(estimate + 1e-9)).unwrap())
                    / f64::from(2 * length);
            assert!((share_below(estimate, &values) - share).abs() < 1e-12);
            // On a place itself, one of the list's own values.
            for (place, value) in (1_u32..).zip(&sorted) {
                let found = at_share(&mut values, f64::from(place) / f64::from(length + 1));
                assert!((found - value).abs() < 1e-9, "{place} of {length}");
            }
        }
    }
}
