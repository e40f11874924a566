//! What holds of the sums behind every metric.

use answer_tally::AnswerTally;
use app::model::metrics::{Ratio, SnapshotSums, wilson};
use app::model::money::Money;
use proptest::prelude::*;

#[path = "support/answer_tally.rs"]
mod answer_tally;

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

fn ranked(brand_rank: Option<u32>, competitor_ranks: &[Option<u32>]) -> AnswerTally {
    AnswerTally {
        brand_in_text: true,
        brand_rank,
        competitor_ranks: competitor_ranks.to_vec(),
        ..AnswerTally::default()
    }
}

/// The predecessor's worked example: 5 mentions in the top 3 and 5 at position 15 are 14
/// points, 10 mentions of a competitor at 8 to 10 are 12; 14 / 26 = 53.8 %.
#[test]
fn weighted_share_of_voice_as_in_the_worked_example() {
    let top = (0..5).map(|_| ranked(Some(2), &[Some(8)]));
    let low = (0..5).map(|_| ranked(Some(15), &[Some(10)]));
    let sums: SnapshotSums = top.chain(low).map(|tally| tally.sums()).sum();
    assert_eq!(sums.weighted_share_of_voice(), Ratio::new(140, 260));
    let percent = sums.weighted_share_of_voice().percent().expect("data");
    assert!((percent - 53.8).abs() < 0.05, "{percent}");
    assert_eq!(sums.share_of_voice(), Ratio::new(10, 20));
    assert_eq!((sums.top3, sums.top5, sums.top10), (5, 5, 5));
    assert_eq!(sums.average_position(), Ratio::new(5 * 2 + 5 * 15, 10));
}

#[test]
fn one_answer_is_one_mention_and_a_link_is_one_too() {
    let both = AnswerTally {
        brand_linked: true,
        ..ranked(None, &[None, Some(1)])
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
        ..ranked(Some(1), &[None])
    };
    let sums = absent.sums();
    assert_eq!((sums.mentions, sums.rank_count, sums.top3), (0, 0, 0));
    assert_eq!(sums.informative_rate(), Ratio::new(1, 1));
    assert_eq!(sums.brand_weight_tenths, 0);
}

#[test]
fn an_answer_without_the_brand_is_an_answer() {
    let absent = AnswerTally::default().sums();
    assert_eq!(absent.visibility().value(), Some(0.0));
    assert_eq!(absent.average_position().value(), None);
    assert_eq!(absent.share_of_voice().value(), None);
}
