//! Where the brand stands among all brands, as far as noise lets anybody say.
//!
//! Invariant: a place is only told where the brand is apart from every other one.

use std::collections::HashMap;

use contract::ids::{EntityId, ModelId, PromptId};
use contract::metrics::{Ratio, Verdict};
use contract::overview::ENOUGH_ANSWERS;

use super::change::{Pair, weigh};
use super::{PeriodCells, Scale};

/// The brand's place among `rivals.len() + 1` brands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing can be said: nobody to compare with, too few answers, or the brand is never named.
    Unknown,
    /// Above every other one.
    First,
    /// Not apart from this one, whose share is nearest of all that it is not apart from.
    Level(EntityId),
    /// So many are above, and all others below.
    Below(usize),
}

/// The brand's place by the share of answers that name it, over prompts that do not name it: those
/// that do are answered with it.
///
/// It is compared with each of the others as two periods are ([`weigh`]): both are counted over the
/// same answers, paired by prompt and model, with prompts as clusters. Since a place needs the
/// brand to be apart from all others at 95 %, and not from one that was chosen, of equals one is
/// called first less often than one interval in twenty misses (R. L. Berger, "Multiparameter
/// hypothesis testing and acceptance sampling", Technometrics 24 (1982), 295-300).
pub fn standing(cells: &PeriodCells, rivals: &[EntityId]) -> Standing {
    let mut own: Vec<(PromptId, ModelId, Ratio)> = cells
        .answers
        .iter()
        .filter(|cell| !cell.is_branded && cell.answers > 0)
        .map(|cell| {
            let share = Ratio::new(cell.mentions, cell.answers);
            (cell.prompt, cell.model, share)
        })
        .collect();
    own.sort_by_key(|(prompt, model, _)| (*prompt, *model));
    let all: Ratio = own.iter().map(|(_, _, share)| *share).sum();
    if rivals.is_empty() || all.numerator == 0 || all.denominator < ENOUGH_ANSWERS {
        return Standing::Unknown;
    }
    let mut named: HashMap<(EntityId, PromptId, ModelId), i64> = HashMap::new();
    for cell in &cells.rivals {
        *named.entry((cell.of, cell.prompt, cell.model)).or_default() += cell.answers;
    }
    let mut above = 0;
    let mut level: Vec<(EntityId, i64)> = Vec::new();
    for rival in rivals {
        let pairs: Vec<Pair> = own
            .iter()
            .map(|(prompt, model, share)| {
                let theirs = named.get(&(*rival, *prompt, *model)).copied();
                let theirs = theirs.unwrap_or_default().min(share.denominator);
                Pair {
                    prompt: *prompt,
                    before: Ratio::new(theirs, share.denominator),
                    after: *share,
                }
            })
            .collect();
        match weigh(&pairs, Scale::Share).alone().verdict {
            Verdict::Up => {}
            Verdict::Down => above += 1,
            Verdict::WithinNoise | Verdict::NoData => {
                let theirs: i64 = pairs.iter().map(|pair| pair.before.numerator).sum();
                level.push((*rival, (theirs - all.numerator).abs()));
            }
        }
    }
    match (level.into_iter().min_by_key(|(_, apart)| *apart), above) {
        (Some((nearest, _)), _) => Standing::Level(nearest),
        (None, 0) => Standing::First,
        (None, above) => Standing::Below(above),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnswerCell, CountedCell};

    const ACME: EntityId = EntityId(2);
    const BOLT: EntityId = EntityId(3);

    /// Twenty prompts of ten answers each, with the mentions of the brand, of Acme and of Bolt.
    fn cells(mentions: impl Fn(i64) -> [i64; 3]) -> PeriodCells {
        let mut cells = PeriodCells::default();
        for id in 0..20 {
            let (prompt, model) = (PromptId(id), ModelId(1));
            let [own, acme, bolt] = mentions(id);
            cells.answers.push(AnswerCell {
                prompt,
                model,
                is_branded: false,
                mentions: own,
                answers: 10,
            });
            for (of, answers) in [(ACME, acme), (BOLT, bolt)] {
                cells.rivals.push(CountedCell {
                    of,
                    prompt,
                    model,
                    answers,
                });
            }
        }
        cells
    }

    #[test]
    fn a_place_is_told_where_all_are_apart() {
        let at = |mentions: fn(i64) -> [i64; 3]| standing(&cells(mentions), &[ACME, BOLT]);
        assert_eq!(
            at(|id| [7 + id % 3, 4 + id % 2, 1 + id % 3]),
            Standing::First
        );
        assert_eq!(
            at(|id| [4 + id % 2, 7 + id % 3, 1 + id % 3]),
            Standing::Below(1)
        );
        assert_eq!(
            at(|id| [1 + id % 3, 7 + id % 3, 4 + id % 2]),
            Standing::Below(2)
        );
        // Of two that are as near as noise, the nearer.
        assert_eq!(
            at(|id| [5 + id % 3, 5 + (id + 1) % 3, 9]),
            Standing::Level(ACME)
        );
    }

    #[test]
    fn nothing_is_said_of_few_answers_or_of_nobody() {
        let some = cells(|id| [7 + id % 3, 4, 1]);
        assert_eq!(standing(&some, &[]), Standing::Unknown);
        let mut few = some.clone();
        few.answers.truncate(2);
        assert_eq!(standing(&few, &[ACME, BOLT]), Standing::Unknown);
        let never = cells(|_| [0, 4, 1]);
        assert_eq!(standing(&never, &[ACME, BOLT]), Standing::Unknown);
        // Prompts that name the brand are answered with it.
        let mut branded = some;
        for cell in &mut branded.answers {
            cell.is_branded = true;
        }
        assert_eq!(standing(&branded, &[ACME, BOLT]), Standing::Unknown);
    }

    /// Of brands that are equally often named, one is called first in at most one case in twenty.
    #[test]
    fn equals_have_no_first() {
        let mut state = 20_261_202_u64;
        let mut uniform = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).expect("32 bits")) / 2_f64.powi(32)
        };
        let mut firsts = 0;
        for _ in 0..400 {
            let counts: Vec<[i64; 3]> = (0..20)
                .map(|_| {
                    let share = 0.2 + 0.6 * uniform();
                    let mut count = || (0..10).map(|_| i64::from(uniform() < share)).sum::<i64>();
                    [count(), count(), count()]
                })
                .collect();
            let found = standing(
                &cells(|id| counts[usize::try_from(id).expect("small")]),
                &[ACME, BOLT],
            );
            firsts += i32::from(found == Standing::First);
        }
        assert!(firsts <= 20, "{firsts} of 400");
    }
}
