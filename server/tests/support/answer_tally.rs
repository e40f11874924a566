//! What one answer adds to the metrics, computed once more and not in SQL. Tests compare the host's
//! sums with it.

use app::model::metrics::{SnapshotSums, weight_tenths};
use app::model::money::Money;

/// What one answer without error says, as far as metrics count it. Each entity is one mention
/// an answer, however often it is named.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnswerTally {
    /// The brand is named in visible text.
    pub(crate) brand_in_text: bool,
    /// A link leads to the brand's domain.
    pub(crate) brand_linked: bool,
    /// The brand's place in a real list, from 1.
    pub(crate) brand_rank: Option<u32>,
    /// For each competitor that is mentioned, its place in a real list.
    pub(crate) competitor_ranks: Vec<Option<u32>>,
    /// What the answer cost.
    pub(crate) cost: Money,
    /// From sending to the last byte, in milliseconds.
    pub(crate) latency_ms: i64,
    /// Tokens in and out.
    pub(crate) tokens: i64,
}

impl AnswerTally {
    /// Whether the answer mentions the brand, in text or by a link.
    const fn mentions_brand(&self) -> bool {
        self.brand_in_text || self.brand_linked
    }

    /// Its contribution to the sums.
    pub(crate) fn sums(&self) -> SnapshotSums {
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
            rank_square_sum: rank.map_or(0, |rank| i64::from(rank) * i64::from(rank)),
            weight_square_hundredths: self.weight_squares(mentions_brand, rank),
            ..SnapshotSums::default()
        }
    }

    fn weight_squares(&self, mentions_brand: bool, rank: Option<u32>) -> i64 {
        let brand = mentions_brand.then_some(rank);
        let all = self.competitor_ranks.iter().copied().chain(brand);
        all.map(|rank| weight_tenths(rank) * weight_tenths(rank))
            .sum()
    }
}
