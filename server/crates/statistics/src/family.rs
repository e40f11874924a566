//! What the numbers of one page say together.
//!
//! Thirty numbers that are looked at every day find something by chance alone. So what a page
//! shows is judged together, and at a level at which looking again next day adds up to little:
//! `docs/METRICS.md` has the tables, and `cargo bench -p parallax --bench promises` makes them.

use std::collections::BTreeMap;

/// How often a page on which nothing changed may show a change. Chosen so that of projects in
/// which nothing changes, looked at daily for four weeks over both 7 and 30 days, fewer than one
/// in ten show one; a day later a look at the same days is nearly the same look, so that the 56
/// looks count as about 25.
pub const LEVEL: f64 = 0.003;

/// The part of it for the numbers over all models, which people see first. The rest is for the
/// numbers of single models, which are more.
const OF_ALL_MODELS: f64 = 0.8;

/// One number of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Whether it is over all models.
    pub is_of_all: bool,
    /// How probable its difference is by chance.
    pub chance: f64,
}

/// Which of the numbers of one page changed beyond chance, in their order.
///
/// The procedure of Y. Benjamini and Y. Hochberg (Journal of the Royal Statistical Society B 57
/// (1995), 289-300) with weights (C. R. Genovese, K. Roeder and L. Wasserman, "False discovery
/// control with p-value weighting", Biometrika 93 (2006), 509-524): with `m` chances, each
/// divided by its weight and in ascending order, the first `k` count for the greatest `k` whose
/// chance is at most `k/m` of [`LEVEL`]. The weights have a mean of 1.
pub fn beyond_chance(numbers: &[Number]) -> Vec<bool> {
    let weights = weights(numbers);
    let weighted = |number: &Number| number.chance / weights.of(*number);
    step_up(&numbers.iter().map(weighted).collect::<Vec<_>>())
}

/// Which of the changes that a page looks for changed beyond chance, in their order: each with its
/// kind and its chance. By the same procedure and level, with weights that give every kind that is
/// there the same part of it, however many questions or sources there are.
pub fn beyond_chance_by_kind<K: Copy + Ord>(candidates: &[(K, f64)]) -> Vec<bool> {
    let mut of_kind: BTreeMap<K, usize> = BTreeMap::new();
    for (kind, _) in candidates {
        *of_kind.entry(*kind).or_default() += 1;
    }
    let part = as_float(candidates.len()) / as_float(of_kind.len().max(1));
    let weighted = |(kind, chance): &(K, f64)| chance * as_float(of_kind[kind]) / part;
    step_up(&candidates.iter().map(weighted).collect::<Vec<_>>())
}

/// The procedure, of chances that are divided by their weights.
fn step_up(weighted: &[f64]) -> Vec<bool> {
    let mut ordered = weighted.to_vec();
    ordered.sort_unstable_by(f64::total_cmp);
    let all = as_float(weighted.len());
    let is_within = |&(place, chance): &(usize, &f64)| *chance <= as_float(place + 1) / all * LEVEL;
    let last = ordered.iter().enumerate().rev().find(is_within);
    let limit = last.map_or(f64::NEG_INFINITY, |(_, chance)| *chance);
    weighted.iter().map(|chance| *chance <= limit).collect()
}

struct Weights {
    of_all: f64,
    of_one: f64,
}

impl Weights {
    const fn of(&self, number: Number) -> f64 {
        if number.is_of_all {
            self.of_all
        } else {
            self.of_one
        }
    }
}

fn weights(numbers: &[Number]) -> Weights {
    let of_all = numbers.iter().filter(|number| number.is_of_all).count();
    let of_one = numbers.len() - of_all;
    if of_all == 0 || of_one == 0 {
        return Weights {
            of_all: 1.0,
            of_one: 1.0,
        };
    }
    let all = as_float(numbers.len());
    Weights {
        of_all: OF_ALL_MODELS * all / as_float(of_all),
        of_one: (1.0 - OF_ALL_MODELS) * all / as_float(of_one),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a page has few numbers")]
const fn as_float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(of_all: &[f64], of_one: &[f64]) -> Vec<bool> {
        let number = |is_of_all| {
            move |chance: &f64| Number {
                is_of_all,
                chance: *chance,
            }
        };
        let numbers: Vec<Number> = of_all
            .iter()
            .map(number(true))
            .chain(of_one.iter().map(number(false)))
            .collect();
        beyond_chance(&numbers)
    }

    /// By hand: 4 numbers, limits 0.00075, 0.0015, 0.00225, 0.003.
    #[test]
    fn the_more_changed_the_more_is_believed() {
        assert_eq!(
            judged(&[0.0007, 0.9, 0.9, 0.9], &[]),
            [true, false, false, false]
        );
        assert_eq!(judged(&[0.0008, 0.9, 0.9, 0.9], &[]), [false; 4]);
        assert_eq!(
            judged(&[0.0008, 0.9, 0.0014, 0.9], &[]),
            [true, false, true, false]
        );
        // The last one that keeps to its limit takes all before it along.
        assert_eq!(judged(&[0.0029, 0.0028, 0.0027, 0.0026], &[]), [true; 4]);
        assert_eq!(judged(&[], &[]), Vec::<bool>::new());
        assert_eq!(judged(&[0.003], &[]), [true]);
    }

    /// By hand: two kinds, of one and of four; each has half of 0.003, so that alone the one needs
    /// 0.0015 and one of the four 0.000375.
    #[test]
    fn every_kind_has_the_same_part() {
        let judged = |one: f64, four: [f64; 4]| {
            let of_four = four.map(|chance| (1, chance));
            let all: Vec<(u8, f64)> = std::iter::once((0, one)).chain(of_four).collect();
            beyond_chance_by_kind(&all)
        };
        assert!(judged(0.001_49, [0.9; 4])[0]);
        assert!(!judged(0.001_51, [0.9; 4])[0]);
        assert!(judged(0.9, [0.000_37, 0.9, 0.9, 0.9])[1]);
        assert!(!judged(0.9, [0.000_38, 0.9, 0.9, 0.9])[1]);
        assert_eq!(beyond_chance_by_kind::<u8>(&[]), Vec::<bool>::new());
    }

    /// One number over all models and four of single ones: 0.8 · 5 = 4 and 0.2 · 5 / 4 = 0.25 are
    /// their weights, so alone they need 0.0024 and 0.00015.
    #[test]
    fn numbers_over_all_models_weigh_more() {
        let quiet = [0.9; 4];
        assert!(judged(&[0.0023], &quiet)[0]);
        assert!(!judged(&[0.0025], &quiet)[0]);
        assert!(judged(&[0.9], &[0.000_14, 0.9, 0.9, 0.9])[1]);
        assert!(!judged(&[0.9], &[0.000_16, 0.9, 0.9, 0.9])[1]);
    }
}
