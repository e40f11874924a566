//! What holds of the sums behind every metric.

use app::model::metrics::{AnswerTally, Ratio, SnapshotSums, wilson};
use app::model::money::Money;
use proptest::prelude::*;

fn rank() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(1_u32..30)
}

fn tally() -> impl Strategy<Value = AnswerTally> {
    let brand = (any::<bool>(), any::<bool>(), rank());
    let rest = (0_i64..1_000_000, 0_i64..60_000, 0_i64..10_000);
    (brand, prop::collection::vec(rank(), 0..5), rest).prop_map(
        |(
            (brand_in_text, brand_linked, brand_rank),
            competitor_ranks,
            (nanos, latency_ms, tokens),
        )| {
            AnswerTally {
                brand_in_text,
                brand_linked,
                brand_rank,
                competitor_ranks,
                cost: Money::from_nanos(nanos),
                latency_ms,
                tokens,
            }
        },
    )
}

fn sums() -> impl Strategy<Value = SnapshotSums> {
    prop::collection::vec(tally(), 0..8)
        .prop_map(|tallies| tallies.iter().map(AnswerTally::sums).sum())
}

proptest! {
    #[test]
    fn merging_is_associative_and_commutative(a in sums(), b in sums(), c in sums()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!(a + SnapshotSums::default(), a);
    }

    #[test]
    fn sums_by_day_are_the_sums_of_all(tallies in prop::collection::vec(tally(), 0..20), cut in 0_usize..20) {
        let (early, late) = tallies.split_at(cut.min(tallies.len()));
        let of = |part: &[AnswerTally]| part.iter().map(AnswerTally::sums).sum::<SnapshotSums>();
        prop_assert_eq!(of(early) + of(late), of(&tallies));
    }

    #[test]
    fn shares_are_shares(sums in sums()) {
        for ratio in [
            sums.visibility(),
            sums.text_visibility(),
            sums.share_of_voice(),
            sums.weighted_share_of_voice(),
            sums.informative_rate(),
        ] {
            prop_assert!(ratio.value().is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
        prop_assert!(sums.top3 <= sums.top5 && sums.top5 <= sums.top10);
        prop_assert!(sums.top10 <= sums.rank_count && sums.rank_count <= sums.mentions);
        prop_assert!(sums.average_position().value().is_none_or(|position| position >= 1.0));
    }

    #[test]
    fn an_interval_holds_its_share_and_shrinks_with_more_answers(n in 1_i64..5_000, part in 0.0_f64..=1.0) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small counts")]
        let k = (n as f64 * part) as i64;
        let one = wilson(k, n).expect("trials");
        let share = Ratio::new(k, n).value().expect("trials");
        prop_assert!(one.low <= share && share <= one.high);
        let ten = wilson(k * 10, n * 10).expect("trials");
        prop_assert!(ten.high - ten.low < one.high - one.low);
    }
}
