//! The sums that all metrics are made of.
//!
//! Invariant: whole numbers only; merging is associative and commutative.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::spread::{effective_size, mean_interval};
use super::{Interval, Ratio, ToneSums, mean_prominence, share_of_voice, visibility, wilson_share};
use crate::money::{Money, Spend};

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

/// Sums over answers without error. They add up over prompts, models and days in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
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
    /// What was paid for these asks, as the ledger has it: answers, answers that do not count,
    /// lost attempts and the judge.
    pub cost: Money,
    /// Latencies, added up, in milliseconds.
    pub latency_ms_sum: i64,
    /// Tokens in and out.
    pub tokens: i64,
    /// Squares of the brand's ranks, added up: the spread of its position.
    pub rank_square_sum: i64,
    /// Squares of all mentions' weights, added up, in hundredths.
    pub weight_square_hundredths: i64,
    /// Prominence of the brand's mentions in text, added up, in ten-thousandths.
    pub prominence_parts: i64,
    /// Asks that brought no answer. They are in no ratio.
    pub failed: i64,
    /// Answers without a visible text, which say nothing: they are in no ratio either.
    pub without_text: i64,
    /// Answers, and failures, of the simulator.
    pub simulated: i64,
    /// Entries of the ledger whose cost is more than is known of it: `cost` is at least.
    pub unpriced: i64,
    /// What the simulator's answers would have cost. Nobody paid it; it is not in `cost`.
    pub simulated_cost: Money,
    /// The brand's tone by the local rules.
    pub tone: ToneSums,
    /// The brand's tone by a judge.
    pub judged: ToneSums,
}

impl SnapshotSums {
    /// Visibility (`mention_rate`): answers that mention the brand / answers.
    pub const fn visibility(&self) -> Ratio {
        visibility(self.mentions, self.answers)
    }

    /// Answers that name the brand in text / answers.
    pub const fn text_visibility(&self) -> Ratio {
        visibility(self.text_mentions, self.answers)
    }

    /// Answers that link to the brand / answers.
    pub const fn link_visibility(&self) -> Ratio {
        visibility(self.link_mentions, self.answers)
    }

    /// Share of voice: mentions of the brand / mentions of the brand and its competitors.
    pub const fn share_of_voice(&self) -> Ratio {
        let all = self.mentions.saturating_add(self.competitor_mentions);
        share_of_voice(self.mentions, all)
    }

    /// Share of voice with each mention weighed by [`weight_tenths`].
    pub const fn weighted_share_of_voice(&self) -> Ratio {
        let all = self
            .brand_weight_tenths
            .saturating_add(self.competitor_weight_tenths);
        share_of_voice(self.brand_weight_tenths, all)
    }

    /// Interval of the weighted share of voice: Wilson's, over as many equal mentions as the
    /// weighted ones are worth.
    pub fn weighted_share_interval(&self) -> Option<Interval> {
        let ratio = self.weighted_share_of_voice();
        let worth = effective_size(ratio.denominator, self.weight_square_hundredths)?;
        wilson_share(ratio.value()?, worth)
    }

    /// Interval of the average position; `None` below two ranked answers.
    pub fn position_interval(&self) -> Option<Interval> {
        let interval = mean_interval(self.rank_sum, self.rank_square_sum, self.rank_count)?;
        Some(Interval {
            low: interval.low.max(1.0),
            high: interval.high,
        })
    }

    /// Average position: mean rank over the answers that rank the brand.
    pub const fn average_position(&self) -> Ratio {
        Ratio::new(self.rank_sum, self.rank_count)
    }

    /// Answers that rank the brand 1 to 3 / answers. Over all answers, not over those that rank
    /// it: a brand that is listed once, and first, is not always on top.
    pub const fn top3_rate(&self) -> Ratio {
        Ratio::new(self.top3, self.answers)
    }

    /// Answers that rank the brand 1 to 5 / answers.
    pub const fn top5_rate(&self) -> Ratio {
        Ratio::new(self.top5, self.answers)
    }

    /// Answers that rank the brand 1 to 10 / answers.
    pub const fn top10_rate(&self) -> Ratio {
        Ratio::new(self.top10, self.answers)
    }

    /// Mean prominence of the brand over the answers that name it in text.
    pub const fn prominence(&self) -> Ratio {
        mean_prominence(self.prominence_parts, self.text_mentions)
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

    /// What was paid, as far as that is known.
    pub const fn spend(&self) -> Spend {
        Spend::new(self.cost, self.unpriced)
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
            rank_square_sum: plus(self.rank_square_sum, other.rank_square_sum),
            weight_square_hundredths: plus(
                self.weight_square_hundredths,
                other.weight_square_hundredths,
            ),
            prominence_parts: plus(self.prominence_parts, other.prominence_parts),
            failed: plus(self.failed, other.failed),
            without_text: plus(self.without_text, other.without_text),
            simulated: plus(self.simulated, other.simulated),
            unpriced: plus(self.unpriced, other.unpriced),
            simulated_cost: self.simulated_cost + other.simulated_cost,
            tone: self.tone + other.tone,
            judged: self.judged + other.judged,
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
    }
}
