//! The metrics: pure formulas, the same for host and browser.
//!
//! Sums are whole numbers that add up in any order; a ratio is always a ratio of sums, and
//! nothing to divide by is "no data", never 0.
//!
//! Invariant: serde only. A float comes into being where a value is shown, not before.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use super::money::Money;

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

/// An interval of shares, both ends from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
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
const Z_95: f64 = 1.959_963_984_540_054;

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
    let n = trials as f64;
    let share = successes as f64 / n;
    let z2 = Z_95 * Z_95;
    let scale = 1.0 + z2 / n;
    let centre = (share + z2 / (2.0 * n)) / scale;
    let half = Z_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / scale;
    Some(Interval {
        // At the borders the formula gives them exactly; floats do not.
        low: if successes == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        high: if successes == trials {
            1.0
        } else {
            (centre + half).min(1.0)
        },
    })
}

/// Weight of a mention in weighted share of voice, in tenths: 2.0 at rank 1 to 3, 1.5 at 4
/// and 5, 1.2 at 6 to 10, 0.8 beyond, 1.0 without a rank.
pub const fn weight_tenths(rank: Option<u32>) -> i64 {
    match rank {
        Some(1..=3) => 20,
        Some(4..=5) => 15,
        Some(6..=10) => 12,
        Some(11..) => 8,
        Some(0) | None => 10,
    }
}

/// How much a number of answers can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Under 10 answers: shown grey.
    None,
    /// From 10: a direction.
    Directional,
    /// From 30.
    Plain,
    /// From 100 answers over at least 50 prompts: good enough to decide on.
    Decision,
}

impl Grade {
    /// The grade of `answers` answers to `prompts` different prompts.
    pub const fn of(answers: i64, prompts: i64) -> Self {
        match answers {
            100.. if prompts >= 50 => Self::Decision,
            30.. => Self::Plain,
            10.. => Self::Directional,
            _ => Self::None,
        }
    }
}

/// What one answer without error says, as far as metrics count it. Each entity is one mention
/// an answer, however often it is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTally {
    /// The brand is named in visible text.
    pub brand_in_text: bool,
    /// A link leads to the brand's domain.
    pub brand_linked: bool,
    /// The brand's place in a real list, from 1.
    pub brand_rank: Option<u32>,
    /// For each competitor that is mentioned, its place in a real list.
    pub competitor_ranks: Vec<Option<u32>>,
    /// What the answer cost.
    pub cost: Money,
    /// From sending to the last byte, in milliseconds.
    pub latency_ms: i64,
    /// Tokens in and out.
    pub tokens: i64,
}

impl AnswerTally {
    /// Whether the answer mentions the brand, in text or by a link.
    pub const fn mentions_brand(&self) -> bool {
        self.brand_in_text || self.brand_linked
    }

    /// Its contribution to the sums.
    pub fn sums(&self) -> SnapshotSums {
        let mentions_brand = self.mentions_brand();
        let rank = self.brand_rank.filter(|rank| mentions_brand && *rank > 0);
        let within = |places: u32| i64::from(rank.is_some_and(|rank| rank <= places));
        let competitors = i64::try_from(self.competitor_ranks.len()).unwrap_or(i64::MAX);
        SnapshotSums {
            answers: 1,
            mentions: i64::from(mentions_brand),
            text_mentions: i64::from(self.brand_in_text),
            link_mentions: i64::from(self.brand_linked),
            brand_weight_tenths: if mentions_brand {
                weight_tenths(rank)
            } else {
                0
            },
            competitor_mentions: competitors,
            competitor_weight_tenths: self
                .competitor_ranks
                .iter()
                .copied()
                .map(weight_tenths)
                .sum(),
            rank_sum: rank.map_or(0, i64::from),
            rank_count: i64::from(rank.is_some()),
            top3: within(3),
            top5: within(5),
            top10: within(10),
            informative: i64::from(mentions_brand || competitors > 0),
            cost: self.cost,
            latency_ms_sum: self.latency_ms,
            tokens: self.tokens,
        }
    }
}

/// Sums over answers without error. They add up over prompts, models and days in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSums {
    /// Answers without error: `n`.
    pub answers: i64,
    /// Answers that mention the brand, in text or by a link.
    pub mentions: i64,
    /// Answers that name the brand in visible text.
    pub text_mentions: i64,
    /// Answers that link to the brand's domain.
    pub link_mentions: i64,
    /// Weights of the brand's mentions, in tenths.
    pub brand_weight_tenths: i64,
    /// Mentions of competitors, one for each competitor and answer.
    pub competitor_mentions: i64,
    /// Weights of the competitors' mentions, in tenths.
    pub competitor_weight_tenths: i64,
    /// Ranks of the brand, added up.
    pub rank_sum: i64,
    /// Answers that rank the brand.
    pub rank_count: i64,
    /// Answers that rank it 1 to 3.
    pub top3: i64,
    /// Answers that rank it 1 to 5.
    pub top5: i64,
    /// Answers that rank it 1 to 10.
    pub top10: i64,
    /// Answers that mention the brand or a competitor.
    pub informative: i64,
    /// What the answers cost.
    pub cost: Money,
    /// Latencies, added up, in milliseconds.
    pub latency_ms_sum: i64,
    /// Tokens in and out.
    pub tokens: i64,
}

impl SnapshotSums {
    /// Visibility (`mention_rate`): answers that mention the brand / answers.
    pub const fn visibility(&self) -> Ratio {
        Ratio::new(self.mentions, self.answers)
    }

    /// Answers that name the brand in text / answers.
    pub const fn text_visibility(&self) -> Ratio {
        Ratio::new(self.text_mentions, self.answers)
    }

    /// Answers that link to the brand / answers.
    pub const fn link_visibility(&self) -> Ratio {
        Ratio::new(self.link_mentions, self.answers)
    }

    /// Share of voice: mentions of the brand / mentions of the brand and its competitors.
    pub const fn share_of_voice(&self) -> Ratio {
        let all = self.mentions.saturating_add(self.competitor_mentions);
        Ratio::new(self.mentions, all)
    }

    /// Share of voice with each mention weighed by [`weight_tenths`].
    pub const fn weighted_share_of_voice(&self) -> Ratio {
        let all = self
            .brand_weight_tenths
            .saturating_add(self.competitor_weight_tenths);
        Ratio::new(self.brand_weight_tenths, all)
    }

    /// Average position: mean rank over the answers that rank the brand.
    pub const fn average_position(&self) -> Ratio {
        Ratio::new(self.rank_sum, self.rank_count)
    }

    /// Informative rate: answers that mention any entity / answers. Low: a bad prompt. High
    /// with a low visibility: an absent brand.
    pub const fn informative_rate(&self) -> Ratio {
        Ratio::new(self.informative, self.answers)
    }

    /// Mean latency in milliseconds.
    pub const fn average_latency_ms(&self) -> Ratio {
        Ratio::new(self.latency_ms_sum, self.answers)
    }

    /// The grade of these answers, to `prompts` different prompts.
    pub const fn grade(&self, prompts: i64) -> Grade {
        Grade::of(self.answers, prompts)
    }
}

impl Add for SnapshotSums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let plus = i64::saturating_add;
        Self {
            answers: plus(self.answers, other.answers),
            mentions: plus(self.mentions, other.mentions),
            text_mentions: plus(self.text_mentions, other.text_mentions),
            link_mentions: plus(self.link_mentions, other.link_mentions),
            brand_weight_tenths: plus(self.brand_weight_tenths, other.brand_weight_tenths),
            competitor_mentions: plus(self.competitor_mentions, other.competitor_mentions),
            competitor_weight_tenths: plus(
                self.competitor_weight_tenths,
                other.competitor_weight_tenths,
            ),
            rank_sum: plus(self.rank_sum, other.rank_sum),
            rank_count: plus(self.rank_count, other.rank_count),
            top3: plus(self.top3, other.top3),
            top5: plus(self.top5, other.top5),
            top10: plus(self.top10, other.top10),
            informative: plus(self.informative, other.informative),
            cost: self.cost + other.cost,
            latency_ms_sum: plus(self.latency_ms_sum, other.latency_ms_sum),
            tokens: plus(self.tokens, other.tokens),
        }
    }
}

impl AddAssign for SnapshotSums {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for SnapshotSums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(brand_rank: Option<u32>, competitor_ranks: &[Option<u32>]) -> AnswerTally {
        AnswerTally {
            brand_in_text: true,
            brand_rank,
            competitor_ranks: competitor_ranks.to_vec(),
            ..AnswerTally::default()
        }
    }

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

    /// The predecessor's worked example: 5 mentions in the top 3 and 5 at position 15 are 14
    /// points, 10 mentions of a competitor at 8 to 10 are 12; 14 / 26 = 53.8 %.
    #[test]
    fn weighted_share_of_voice_as_in_the_worked_example() {
        let top = (0..5).map(|_| tally(Some(2), &[Some(8)]));
        let low = (0..5).map(|_| tally(Some(15), &[Some(10)]));
        let sums: SnapshotSums = top.chain(low).map(|tally| tally.sums()).sum();
        assert_eq!(sums.weighted_share_of_voice(), Ratio::new(140, 260));
        let percent = sums.weighted_share_of_voice().percent().expect("data");
        assert!((percent - 53.8).abs() < 0.05, "{percent}");
        assert_eq!(sums.share_of_voice(), Ratio::new(10, 20));
        assert_eq!((sums.top3, sums.top5, sums.top10), (5, 5, 5));
        assert_eq!(sums.average_position(), Ratio::new(5 * 2 + 5 * 15, 10));
    }

    #[test]
    fn weights_change_where_they_should() {
        let expected = [20, 20, 20, 15, 15, 12, 12, 12, 12, 12, 8, 8];
        for (rank, weight) in (1..).zip(expected) {
            assert_eq!(weight_tenths(Some(rank)), weight, "rank {rank}");
        }
        assert_eq!(weight_tenths(None), 10);
    }

    #[test]
    fn nothing_to_divide_by_is_no_data() {
        let none = SnapshotSums::default();
        for ratio in [
            none.visibility(),
            none.share_of_voice(),
            none.weighted_share_of_voice(),
            none.average_position(),
            none.informative_rate(),
        ] {
            assert_eq!(ratio.value(), None);
        }
        let absent = AnswerTally::default().sums();
        assert_eq!(absent.visibility().value(), Some(0.0));
        assert_eq!(absent.average_position().value(), None);
        assert_eq!(absent.share_of_voice().value(), None);
    }

    #[test]
    fn one_answer_is_one_mention_and_a_link_is_one_too() {
        let both = AnswerTally {
            brand_linked: true,
            ..tally(None, &[None, Some(1)])
        };
        let sums = both.sums();
        assert_eq!(
            (sums.mentions, sums.text_mentions, sums.link_mentions),
            (1, 1, 1)
        );
        assert_eq!(sums.share_of_voice(), Ratio::new(1, 3));
        assert_eq!(sums.weighted_share_of_voice(), Ratio::new(10, 40));
        let absent = AnswerTally {
            brand_in_text: false,
            ..tally(Some(1), &[None])
        };
        let sums = absent.sums();
        assert_eq!((sums.mentions, sums.rank_count, sums.top3), (0, 0, 0));
        assert_eq!(sums.informative_rate(), Ratio::new(1, 1));
        assert_eq!(sums.brand_weight_tenths, 0);
    }

    #[test]
    fn grades_at_their_borders() {
        for (answers, prompts, grade) in [
            (0, 0, Grade::None),
            (9, 9, Grade::None),
            (10, 1, Grade::Directional),
            (29, 29, Grade::Directional),
            (30, 1, Grade::Plain),
            (100, 49, Grade::Plain),
            (99, 60, Grade::Plain),
            (100, 50, Grade::Decision),
        ] {
            assert_eq!(
                Grade::of(answers, prompts),
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

    /// A row of sums from one number, every field another.
    fn sums_of(seed: i64) -> SnapshotSums {
        let nth = |index: i64| {
            (seed.wrapping_mul(6_364_136_223_846_793_005) >> 20).wrapping_add(index * seed) & 0xFFFF
        };
        SnapshotSums {
            answers: nth(1),
            mentions: nth(2),
            text_mentions: nth(3),
            link_mentions: nth(4),
            brand_weight_tenths: nth(5),
            competitor_mentions: nth(6),
            competitor_weight_tenths: nth(7),
            rank_sum: nth(8),
            rank_count: nth(9),
            top3: nth(10),
            top5: nth(11),
            top10: nth(12),
            informative: nth(13),
            cost: Money::from_nanos(nth(14)),
            latency_ms_sum: nth(15),
            tokens: nth(16),
        }
    }

    #[test]
    fn merging_is_associative_and_commutative() {
        for seed in 1..500 {
            let (a, b, c) = (sums_of(seed), sums_of(seed * 31), sums_of(seed * 977));
            assert_eq!((a + b) + c, a + (b + c));
            assert_eq!(a + b, b + a);
            assert_eq!(a + SnapshotSums::default(), a);
            assert_eq!([a, b, c].into_iter().sum::<SnapshotSums>(), c + a + b);
        }
    }
}
