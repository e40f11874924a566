//! The best and the worst of several models or providers.

use std::collections::BTreeMap;

use contract::dashboard::Ends;
use contract::ids::PromptId;
use contract::metrics::{Metric, SnapshotSums};

use super::change::{Pair, weigh};
use super::scale_of;

/// Answers below which nobody is the best or the worst.
const ENOUGH: i64 = 10;

/// The sums of one of several by prompt; for share of voice those of prompts that do not name
/// the brand.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate<T> {
    /// Who.
    pub who: T,
    /// By prompt.
    pub prompts: BTreeMap<PromptId, SnapshotSums>,
}

/// The best and the worst by a number: who stands above, or below, each other one by more than
/// noise, over the prompts that both were asked. Of an average position the least is the best.
///
/// Each pair of them is compared as two periods are. Since the best must be apart from all, and
/// not from one that was chosen, of equals one is called the best less often than one interval
/// in twenty misses.
pub fn ends<T: Copy>(contenders: &[Candidate<T>], metric: Metric) -> Ends<T> {
    let known: Vec<(&Candidate<T>, SnapshotSums, f64)> = contenders
        .iter()
        .filter_map(|candidate| {
            let sums: SnapshotSums = candidate.prompts.values().copied().sum();
            Some((candidate, sums, metric.ratio(&sums).value()?))
        })
        .collect();
    let apart = |sign: f64| {
        let mut ordered: Vec<_> = known.iter().collect();
        ordered.sort_by(|one, other| (sign * other.2).total_cmp(&(sign * one.2)));
        let [first, others @ ..] = ordered.as_slice() else {
            return None;
        };
        let is_apart = !others.is_empty()
            && metric.answers(&first.1) >= ENOUGH
            && others
                .iter()
                .all(|other| is_above(first.0, other.0, metric, sign));
        is_apart.then_some(first.0.who)
    };
    let (highest, lowest) = (apart(1.0), apart(-1.0));
    match metric {
        Metric::AveragePosition => Ends {
            best: lowest,
            worst: highest,
        },
        _ => Ends {
            best: highest,
            worst: lowest,
        },
    }
}

/// Whether one's number is greater (`sign` 1) or less (-1) than the other's beyond noise.
fn is_above<T>(one: &Candidate<T>, other: &Candidate<T>, metric: Metric, sign: f64) -> bool {
    let pair = |(prompt, sums): (&PromptId, &SnapshotSums)| {
        let others = other.prompts.get(prompt).copied().unwrap_or_default();
        Pair {
            prompt: *prompt,
            before: metric.ratio(&others),
            after: metric.ratio(sums),
        }
    };
    let pairs: Vec<Pair> = one.prompts.iter().map(pair).collect();
    let change = weigh(&pairs, scale_of(metric)).alone();
    change.verdict.is_change() && change.difference.is_some_and(|moved| moved * sign > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(who: u8, mentions: impl Fn(i64) -> i64) -> Candidate<u8> {
        let sums = |prompt: i64| SnapshotSums {
            answers: 10,
            mentions: mentions(prompt),
            rank_sum: mentions(prompt) * 2,
            rank_count: 10,
            ..SnapshotSums::default()
        };
        Candidate {
            who,
            prompts: (0..20).map(|id| (PromptId(id), sums(id))).collect(),
        }
    }

    #[test]
    fn ends_are_apart_from_all_others() {
        let low = candidate(1, |prompt| 1 + prompt % 2);
        let middle = candidate(2, |prompt| 3 + prompt % 3);
        let high = candidate(3, |prompt| 7 + prompt / 3 % 3);
        let all = [low.clone(), middle.clone(), high.clone()];
        let by = |metric| {
            let ends = ends(&all, metric);
            (ends.best, ends.worst)
        };
        assert_eq!(by(Metric::Visibility), (Some(3), Some(1)));
        // The first place is the least number.
        assert_eq!(by(Metric::AveragePosition), (Some(1), Some(3)));
        // Nobody was judged.
        assert_eq!(by(Metric::JudgedTone), (None, None));
        // As good as another, by all that can be told.
        let near = candidate(4, |prompt| 7 + (prompt / 3 + 1) % 3);
        let found = ends(&[low.clone(), high.clone(), near], Metric::Visibility);
        assert_eq!((found.best, found.worst), (None, Some(1)));
        let alone = ends(&[high], Metric::Visibility);
        assert_eq!((alone.best, alone.worst), (None, None));
    }

    #[test]
    fn who_was_asked_other_questions_or_few_is_not_compared() {
        let low = candidate(1, |_| 1);
        let mut stranger = candidate(2, |prompt| 8 + prompt % 2);
        stranger.prompts = stranger
            .prompts
            .into_iter()
            .map(|(prompt, sums)| (PromptId(prompt.0 + 100), sums))
            .collect();
        let found = ends(&[low.clone(), stranger], Metric::Visibility);
        assert_eq!((found.best, found.worst), (None, None));
        let few = Candidate {
            who: 3,
            prompts: (0..9)
                .map(|id| {
                    let sums = SnapshotSums {
                        answers: 1,
                        mentions: 1,
                        ..SnapshotSums::default()
                    };
                    (PromptId(id), sums)
                })
                .collect(),
        };
        let found = ends(&[low, few], Metric::Visibility);
        assert_eq!((found.best, found.worst), (None, Some(1)));
    }
}
