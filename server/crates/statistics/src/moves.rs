//! What changed between two periods: of all questions, competitors and sources at once, those whose
//! share moved beyond chance, and the few of them that are worth a line.
//!
//! Invariant: pure; whoever looks for the largest of many changes judges all of them together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use contract::ids::{EntityId, ModelId, PromptId};
use contract::metrics::{Change, Ratio, visibility};
use contract::overview::MOST_MOVES;
use contract::served::Seam;

use super::Scale;
use super::change::{Pair, UnjudgedChange, weigh};
use super::family::beyond_chance_by_kind;

/// Answers of a question, in each of two periods, below which it is not looked at.
const ENOUGH_OF_A_QUESTION: i64 = 10;
/// Sources that are looked at: those of most answers in both periods together.
pub const MOST_SOURCES: usize = 20;
/// Lines of one kind, as long as there are others.
const MOST_OF_A_KIND: usize = 2;

/// The answers of one prompt and model in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerCell {
    /// The prompt.
    pub prompt: PromptId,
    /// The model.
    pub model: ModelId,
    /// Whether the prompt names the brand itself.
    pub is_branded: bool,
    /// Answers that name the brand.
    pub mentions: i64,
    /// Answers.
    pub answers: i64,
}

/// Answers of one prompt and model that name a competitor or cite a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCell<T> {
    /// Who or what.
    pub of: T,
    /// The prompt.
    pub prompt: PromptId,
    /// The model.
    pub model: ModelId,
    /// Answers.
    pub answers: i64,
}

/// What the answers of a period name and cite, by prompt and model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodCells {
    /// All answers.
    pub answers: Vec<AnswerCell>,
    /// Those that name a competitor.
    pub rivals: Vec<CountedCell<EntityId>>,
    /// Those that cite a domain.
    pub sources: Vec<CountedCell<String>>,
}

/// How the shares moved, judged together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moves {
    /// Answers that name the brand, by question.
    pub questions: Vec<(PromptId, Change)>,
    /// Answers that name a competitor.
    pub rivals: Vec<(EntityId, Change)>,
    /// Answers that cite a domain, of those that are cited most.
    pub sources: Vec<(String, Change)>,
}

/// Whose share moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mover {
    /// The brand's with a model.
    Model(ModelId),
    /// The brand's in a question.
    Question(PromptId),
    /// A competitor's.
    Rival(EntityId),
    /// A domain's.
    Source(String),
}

impl Mover {
    /// Lines of one kind are alike.
    const fn kind(&self) -> u8 {
        match self {
            Self::Model(_) => 0,
            Self::Question(_) => 1,
            Self::Rival(_) => 2,
            Self::Source(_) => 3,
        }
    }
}

type Key = (PromptId, ModelId);

/// How the share of answers that name the brand moved in each question, and of answers that name
/// each competitor or cite each of the [`MOST_SOURCES`] domains, between the two periods. Each is
/// the change of [`weigh`] over pairs of prompt and model; models with a seam are left out.
///
/// All are judged together ([`beyond_chance_by_kind`]), so that a page on which nothing changed
/// shows a line about as seldom as [`LEVEL`](super::LEVEL) says, however many it looked at.
pub fn moves(before: &PeriodCells, after: &PeriodCells, seams: &[Seam]) -> Moves {
    let swapped: HashSet<ModelId> = seams.iter().map(|seam| seam.model_id).collect();
    let keys = Keys::of(before, after, &swapped);
    let questions = questions(&keys);
    let rivals = counted(&keys, &before.rivals, &after.rivals, usize::MAX);
    let sources = counted(&keys, &before.sources, &after.sources, MOST_SOURCES);
    let with_kind = |kind: u8, weighed: &UnjudgedChange| (kind, weighed.chance);
    let candidates: Vec<(u8, f64)> = questions
        .iter()
        .map(|(_, weighed)| with_kind(1, weighed))
        .chain(rivals.iter().map(|(_, weighed)| with_kind(2, weighed)))
        .chain(sources.iter().map(|(_, weighed)| with_kind(3, weighed)))
        .collect();
    let mut verdicts = beyond_chance_by_kind(&candidates).into_iter();
    let mut next = || verdicts.next().unwrap_or_default();
    Moves {
        questions: judged(questions, &mut next),
        rivals: judged(rivals, &mut next),
        sources: judged(sources, &mut next),
    }
}

/// The lines of what changed: the largest differences beyond chance of single models, which the
/// page has judged already, and of these. At most [`MOST_MOVES`], and no more than two of a kind
/// where there are others.
pub fn largest(models: &[(ModelId, Change)], moves: &Moves) -> Vec<(Mover, Change)> {
    let models = models.iter().cloned();
    let mut all: Vec<(Mover, Change)> = models
        .map(|(model, change)| (Mover::Model(model), change))
        .chain(of_kind(&moves.questions, Mover::Question))
        .chain(of_kind(&moves.rivals, Mover::Rival))
        .chain(of_kind(&moves.sources, Mover::Source))
        .filter(|(_, change)| change.verdict.is_change())
        .collect();
    let size = |change: &Change| change.difference.unwrap_or_default().abs();
    all.sort_by(|(one, change), (other, others)| {
        let by_size = size(others).total_cmp(&size(change));
        by_size.then_with(|| one.cmp(other))
    });
    let mut taken: HashMap<u8, usize> = HashMap::new();
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(mover, _)| {
        let count = taken.entry(mover.kind()).or_default();
        *count += 1;
        *count <= MOST_OF_A_KIND
    });
    first.truncate(MOST_MOVES);
    let room = MOST_MOVES - first.len();
    first.extend(rest.into_iter().take(room));
    first
}

fn of_kind<T: Clone>(
    changes: &[(T, Change)],
    mover: fn(T) -> Mover,
) -> impl Iterator<Item = (Mover, Change)> {
    changes
        .iter()
        .map(move |(of, change)| (mover(of.clone()), change.clone()))
}

/// The pairs of prompt and model in the order of their prompts, with the answers of both periods.
struct Keys {
    pairs: BTreeMap<Key, Pair>,
}

impl Keys {
    /// The pairs' numerators are answers that name the brand.
    fn of(before: &PeriodCells, after: &PeriodCells, swapped: &HashSet<ModelId>) -> Self {
        let mut pairs: BTreeMap<Key, Pair> = BTreeMap::new();
        let of_periods = [(&before.answers, false), (&after.answers, true)];
        for (cells, is_after) in of_periods {
            for cell in cells.iter().filter(|cell| !swapped.contains(&cell.model)) {
                let pair = pairs.entry((cell.prompt, cell.model)).or_insert(Pair {
                    prompt: cell.prompt,
                    before: Ratio::default(),
                    after: Ratio::default(),
                });
                let own = visibility(cell.mentions, cell.answers);
                if is_after {
                    pair.after = pair.after + own;
                } else {
                    pair.before = pair.before + own;
                }
            }
        }
        Self { pairs }
    }

    /// The same pairs, with other numerators.
    fn with(&self, before: &HashMap<Key, i64>, after: &HashMap<Key, i64>) -> Vec<Pair> {
        let ratio = |key: &Key, counted: &HashMap<Key, i64>, of: Ratio| {
            let counted = counted.get(key).copied().unwrap_or_default();
            // Citations are read by another statement: an answer may have come in between.
            Ratio::new(counted.min(of.denominator), of.denominator)
        };
        let pair = |(key, pair): (&Key, &Pair)| Pair {
            prompt: pair.prompt,
            before: ratio(key, before, pair.before),
            after: ratio(key, after, pair.after),
        };
        self.pairs.iter().map(pair).collect()
    }
}

/// The brand in each question that has answers enough.
fn questions(keys: &Keys) -> Vec<(PromptId, UnjudgedChange)> {
    let pairs: Vec<Pair> = keys.pairs.values().copied().collect();
    let of_prompts = pairs.chunk_by(|one, next| one.prompt == next.prompt);
    let has_enough = |pairs: &[Pair]| {
        let answers = |ratio: fn(&Pair) -> Ratio| -> i64 {
            pairs.iter().map(|pair| ratio(pair).denominator).sum()
        };
        answers(|pair| pair.before).min(answers(|pair| pair.after)) >= ENOUGH_OF_A_QUESTION
    };
    of_prompts
        .filter(|pairs| has_enough(pairs) && is_named(pairs))
        .map(|pairs| (pairs[0].prompt, weigh(pairs, Scale::Share)))
        .filter(|(_, weighed)| weighed.change.difference.is_some())
        .collect()
}

/// Those that most answers of both periods name or cite, at most `most`.
fn counted<T: Clone + Ord + Hash>(
    keys: &Keys,
    before: &[CountedCell<T>],
    after: &[CountedCell<T>],
    most: usize,
) -> Vec<(T, UnjudgedChange)> {
    let (before, after) = (by_key(before), by_key(after));
    let mut all: BTreeMap<&T, i64> = BTreeMap::new();
    for (of, counted) in before.iter().chain(&after) {
        *all.entry(*of).or_default() += counted.values().sum::<i64>();
    }
    let mut all: Vec<(&T, i64)> = all.into_iter().collect();
    all.sort_by(|(one, count), (other, counts)| counts.cmp(count).then_with(|| one.cmp(other)));
    let none = HashMap::new();
    all.into_iter()
        .take(most)
        .map(|(of, _)| {
            let own = before.get(of).unwrap_or(&none);
            let pairs = keys.with(own, after.get(of).unwrap_or(&none));
            (of.clone(), weigh(&pairs, Scale::Share))
        })
        .filter(|(_, weighed)| weighed.change.difference.is_some())
        .collect()
}

fn by_key<T: Hash + Eq>(cells: &[CountedCell<T>]) -> HashMap<&T, HashMap<Key, i64>> {
    let mut all: HashMap<&T, HashMap<Key, i64>> = HashMap::new();
    for cell in cells {
        let own = all.entry(&cell.of).or_default();
        *own.entry((cell.prompt, cell.model)).or_default() += cell.answers;
    }
    all
}

/// Whether any answer of these names the brand: where none does, nothing can have changed.
fn is_named(pairs: &[Pair]) -> bool {
    pairs
        .iter()
        .any(|pair| pair.before.numerator + pair.after.numerator > 0)
}

fn judged<T>(
    weighed: Vec<(T, UnjudgedChange)>,
    next: &mut impl FnMut() -> bool,
) -> Vec<(T, Change)> {
    weighed
        .into_iter()
        .map(|(of, weighed)| (of, weighed.judged(next())))
        .collect()
}

#[cfg(test)]
mod tests;
