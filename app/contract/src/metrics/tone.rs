//! Sums of tone: how answers speak of an entity, and whether they recommend it.
//!
//! Invariant: what the local rules say and what a judge says are two of these, never added up.

use std::ops::Add;

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::{Ratio, visibility};

/// Verdicts about one entity, one an answer that speaks of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ToneSums {
    /// Answers that speak well of it.
    pub positive: i64,
    /// Answers that report, or praise and blame in balance.
    pub neutral: i64,
    /// Answers that speak ill of it.
    pub negative: i64,
    /// Scores from -1,000 to 1,000, added up.
    pub thousandths: i64,
    /// Answers that advise choosing it.
    pub recommended: i64,
    /// Answers that advise against it.
    pub advised_against: i64,
}

impl ToneSums {
    /// Answers that were judged.
    pub const fn judged(&self) -> i64 {
        self.positive
            .saturating_add(self.neutral)
            .saturating_add(self.negative)
    }

    /// Net sentiment: (positive - negative) / judged, from -1 to 1.
    pub const fn net(&self) -> Ratio {
        Ratio::new(self.positive.saturating_sub(self.negative), self.judged())
    }

    /// Mean score, from -1 to 1.
    pub const fn mean_score(&self) -> Ratio {
        Ratio::new(self.thousandths, self.judged().saturating_mul(1_000))
    }

    /// Recommendation rate: answers that recommend it / answers that speak of it.
    pub const fn recommendation_rate(&self) -> Ratio {
        Ratio::new(self.recommended, self.judged())
    }
}

impl Add for ToneSums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let plus = i64::saturating_add;
        Self {
            positive: plus(self.positive, other.positive),
            neutral: plus(self.neutral, other.neutral),
            negative: plus(self.negative, other.negative),
            thousandths: plus(self.thousandths, other.thousandths),
            recommended: plus(self.recommended, other.recommended),
            advised_against: plus(self.advised_against, other.advised_against),
        }
    }
}

/// What answers say of one entity, added up: one mention an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct MentionSums {
    /// Answers that mention it, in text or by a link.
    pub mentions: i64,
    /// Answers that name it in visible text.
    pub text_mentions: i64,
    /// The mentions, each weighted by its rank, in tenths.
    pub weight_tenths: i64,
    /// Sum of its ranks.
    pub rank_sum: i64,
    /// Answers that rank it.
    pub rank_count: i64,
    /// Its tone by the local rules.
    pub tone: ToneSums,
    /// Its tone by a judge.
    pub judged: ToneSums,
}

impl MentionSums {
    /// Its visibility among so many answers without error.
    pub const fn visibility(&self, answers: i64) -> Ratio {
        visibility(self.mentions, answers)
    }

    /// Mean rank over the answers that rank it.
    pub const fn average_position(&self) -> Ratio {
        Ratio::new(self.rank_sum, self.rank_count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_sentiment_is_over_what_was_judged() {
        let sums = ToneSums {
            positive: 6,
            neutral: 2,
            negative: 4,
            thousandths: 1_200,
            recommended: 3,
            advised_against: 1,
        };
        assert_eq!(sums.net(), Ratio::new(2, 12));
        assert_eq!(sums.mean_score().value(), Some(0.1));
        assert_eq!(sums.recommendation_rate(), Ratio::new(3, 12));
        assert_eq!(ToneSums::default().net().value(), None);
        assert_eq!((sums + sums).judged(), 24);
    }
}
