//! Sheets added up over a period.
//!
//! Invariant: pure, whole numbers only; the order in which sheets come changes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::iter;

use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{Ratio, SnapshotSums, visibility};
use chrono::NaiveDate;

use super::overview_lines::Lines;
use super::sheet::{ANSWERS, CitedDomain, MENTIONS, Numbers, Part, Sheet, SheetRow, WIDTH, sums};
use crate::store::StoreResult;
use statistics::{AnswerCell, CellSums, CountedCell, DayMoments, Moments, Voice};

/// Mentions of entities in answers to prompts.
type Mentions = Sorted<(EntityId, PromptId), i64>;

/// What sheets of several days and models come to.
#[derive(Debug, Default)]
pub(super) struct SheetTotals {
    /// By model, then by prompt: sheets are of one model.
    cells: BTreeMap<ModelId, Sorted<(PromptId, bool), Numbers>>,
    /// Of prompts that do not name the brand.
    voices: BTreeMap<ModelId, Mentions>,
    /// Of prompts that do.
    branded: BTreeMap<ModelId, Mentions>,
    /// Answers that cite a domain, by prompt.
    sources: BTreeMap<ModelId, HashMap<String, Sorted<PromptId, i64>>>,
    /// Answers that mention the brand, out of all, by day and prompt.
    days: BTreeMap<NaiveDate, Sorted<PromptId, [i64; 2]>>,
    /// Mentions of all models, where they were asked for by day.
    named: BTreeMap<NaiveDate, Mentions>,
    part: Part,
    /// What alone counts of each sheet; `None`: all of it.
    only: Option<HashSet<PromptId>>,
    /// Where not all of a sheet counts: what a model said on a day. Of whole sheets that is what
    /// snapshots are.
    model_days: Vec<SheetDay>,
}

/// What a model said on a day to some prompts.
#[derive(Clone, Debug)]
pub(super) struct SheetDay {
    pub(super) model: ModelId,
    pub(super) day: NaiveDate,
    numbers: Numbers,
    /// Answers that mention the brand, out of all, with prompts as clusters.
    pub(super) visibility: Moments,
}

impl SheetDay {
    /// `None`: none of these prompts was asked.
    fn of(model: ModelId, day: NaiveDate, sheet: &Sheet) -> Option<Self> {
        if sheet.rows.is_empty() {
            return None;
        }
        let mut numbers = [0_i64; WIDTH];
        for row in &sheet.rows {
            add_numbers(&mut numbers, &row.numbers);
        }
        let share = |row: &SheetRow| visibility(row.numbers[MENTIONS], row.numbers[ANSWERS]);
        let clusters: Vec<Ratio> = sheet.rows.iter().map(share).collect();
        Some(Self {
            model,
            day,
            numbers,
            visibility: Moments::of(&clusters),
        })
    }

    /// Sums over these prompts.
    pub(super) fn sums(&self) -> StoreResult<SnapshotSums> {
        sums(&self.numbers)
    }
}

fn add_numbers(sums: &mut Numbers, numbers: &Numbers) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum = sum.saturating_add(*number);
    }
}

/// Values by key, in the order of the keys. Sheets have nearly the same keys in nearly the same
/// order, so that the next key most often is where the one before it was, and one further.
#[derive(Debug)]
struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> Sorted<K, V> {
    /// Adds to the values of these keys, each of which comes once; what has a new key begins with
    /// `first`.
    fn add_all<T>(
        &mut self,
        all: impl Iterator<Item = (K, T)>,
        first: impl Fn() -> V,
        add: impl Fn(&mut V, T),
    ) {
        let (mut next, mut new) = (0, Vec::new());
        for (key, more) in all {
            if self.0.get(next).is_none_or(|(there, _)| *there != key) {
                next = self.0.partition_point(|(there, _)| *there < key);
            }
            match self.0.get_mut(next) {
                Some((there, value)) if *there == key => {
                    add(value, more);
                    next += 1;
                }
                _ => {
                    let mut value = first();
                    add(&mut value, more);
                    new.push((key, value));
                }
            }
        }
        if !new.is_empty() {
            self.0.append(&mut new);
            self.0.sort_by_key(|(key, _)| *key);
        }
    }
}

impl<K: Ord + Copy> Sorted<K, i64> {
    /// Adds counts by key.
    fn add_counts(&mut self, counts: impl Iterator<Item = (K, i64)>) {
        self.add_all(counts, || 0, |sum, count| *sum = sum.saturating_add(count));
    }

    fn sum(&self) -> i64 {
        self.0.iter().map(|(_, count)| *count).sum()
    }
}

impl Mentions {
    fn add_voices(&mut self, voices: &[Voice]) {
        let voices = voices.iter();
        self.add_counts(voices.map(|voice| ((voice.entity, voice.prompt), voice.mentions)));
    }
}

impl SheetTotals {
    /// Nothing yet; of what is added only these prompts count, or all.
    pub(super) fn of(prompts: Option<&[PromptId]>, part: Part) -> Self {
        Self {
            part,
            only: prompts.map(|prompts| prompts.iter().copied().collect()),
            ..Self::default()
        }
    }

    /// Adds what a model said on a day, as far as it counts.
    pub(super) fn add(&mut self, model: ModelId, day: NaiveDate, sheet: &Sheet) {
        let Some(only) = &self.only else {
            self.add_whole(model, day, sheet);
            return;
        };
        let cut = sheet.cut_to(only);
        self.model_days.extend(SheetDay::of(model, day, &cut));
        self.add_whole(model, day, &cut);
    }

    fn add_whole(&mut self, model: ModelId, day: NaiveDate, sheet: &Sheet) {
        let rows = sheet.rows.iter();
        self.cells.entry(model).or_default().add_all(
            rows.clone()
                .map(|row| ((row.prompt, row.is_branded), &row.numbers)),
            || [0; WIDTH],
            add_numbers,
        );
        let answered = rows.filter(|row| row.numbers[ANSWERS] > 0);
        self.days.entry(day).or_default().add_all(
            answered.map(|row| (row.prompt, [row.numbers[MENTIONS], row.numbers[ANSWERS]])),
            || [0; 2],
            |sums, more| {
                for (sum, number) in sums.iter_mut().zip(more) {
                    *sum = sum.saturating_add(number);
                }
            },
        );
        let voices = self.voices.entry(model).or_default();
        voices.add_voices(&sheet.voices);
        let branded = self.branded.entry(model).or_default();
        branded.add_voices(&sheet.branded);
        if self.part == Part::ByDay {
            let named = self.named.entry(day).or_default();
            named.add_voices(&sheet.voices);
            named.add_voices(&sheet.branded);
        }
        let sources = self.sources.entry(model).or_default();
        for CitedDomain { domain, answers } in &sheet.sources {
            let answers = answers.iter().copied();
            match sources.get_mut(domain) {
                Some(known) => known.add_counts(answers),
                None => sources
                    .entry(domain.clone())
                    .or_default()
                    .add_counts(answers),
            }
        }
    }

    /// One entry a prompt and model, in their order.
    pub(super) fn cells(&self) -> StoreResult<Vec<CellSums>> {
        let mut cells = Vec::new();
        for (&model, sorted) in &self.cells {
            for ((prompt, is_branded), numbers) in &sorted.0 {
                cells.push(CellSums {
                    prompt: *prompt,
                    model,
                    is_branded: *is_branded,
                    sums: sums(numbers)?,
                });
            }
        }
        cells.sort_unstable_by_key(|cell| (cell.prompt, cell.model, cell.is_branded));
        Ok(cells)
    }

    /// The answers, and those that mention the brand: one entry a prompt and model, in the order of
    /// models and prompts.
    pub(super) fn answers(&self) -> Vec<AnswerCell> {
        let of_model = |(&model, sorted): (&ModelId, &Sorted<(PromptId, bool), Numbers>)| {
            let cell = |((prompt, is_branded), numbers): &((PromptId, bool), Numbers)| AnswerCell {
                prompt: *prompt,
                model,
                is_branded: *is_branded,
                mentions: numbers[MENTIONS],
                answers: numbers[ANSWERS],
            };
            sorted.0.iter().map(cell).collect::<Vec<_>>()
        };
        self.cells.iter().flat_map(of_model).collect()
    }

    /// The answers that mention one of these entities: one entry a model, entity and prompt, in
    /// their order.
    pub(super) fn mentions(&self, of: &HashSet<EntityId>) -> Vec<CountedCell<EntityId>> {
        let mut cells = Vec::new();
        for (&model, voices) in &self.voices {
            let mut all = Mentions::default();
            for own in iter::once(voices).chain(self.branded.get(&model)) {
                let own = own.0.iter().copied();
                all.add_counts(own.filter(|((entity, _), _)| of.contains(entity)));
            }
            let cell = |((entity, prompt), answers)| CountedCell {
                of: entity,
                prompt,
                model,
                answers,
            };
            cells.extend(all.0.into_iter().map(cell));
        }
        cells
    }

    /// The lines of visibility by day: each entity out of all answers, with prompts as clusters. Of
    /// what was read by day.
    pub(super) fn lines_by_day(&self) -> Lines {
        let mut lines = Lines::default();
        for (&day, prompts) in self
            .days
            .iter()
            .filter(|(_, prompts)| !prompts.0.is_empty())
        {
            let prompts = prompts.0.iter();
            let answers: HashMap<PromptId, i64> = prompts
                .map(|(prompt, [_, answers])| (*prompt, *answers))
                .collect();
            let all: Vec<Ratio> = answers
                .values()
                .map(|answers| Ratio::new(0, *answers))
                .collect();
            let shared = Moments::of(&all);
            lines.shared.insert(day, shared);
            let named = self.named.get(&day).into_iter();
            let of_entities = named.flat_map(|named| {
                named
                    .0
                    .chunk_by(|((entity, _), _), ((next, _), _)| entity == next)
            });
            for own in of_entities {
                let cluster = |((_, prompt), mentions): &((EntityId, PromptId), i64)| {
                    Some(Ratio::new(*mentions, *answers.get(prompt)?))
                };
                let clusters: Vec<Ratio> = own.iter().filter_map(cluster).collect();
                let counted = Moments::of(&clusters);
                if counted.clusters > 0 {
                    let moments = Moments {
                        sums: Ratio::new(counted.sums.numerator, shared.sums.denominator),
                        numerator_squares: counted.numerator_squares,
                        products: counted.products,
                        ..shared
                    };
                    let ((entity, _), _) = own[0];
                    lines.points.insert((entity.0, day), moments);
                }
            }
        }
        lines
    }

    /// How many answers cite each domain, which come in no order.
    pub(super) fn domains(&self) -> impl Iterator<Item = (&str, i64)> {
        let of_models = self.sources.values().flatten();
        of_models.map(|(domain, answers)| (domain.as_str(), answers.sum()))
    }

    /// The answers that cite one of these domains: one entry a domain, model and prompt, in the
    /// order of the domains.
    pub(super) fn sources(&self, of: &[&str]) -> Vec<CountedCell<String>> {
        let mut cells = Vec::new();
        for domain in of {
            for (&model, sources) in &self.sources {
                let answers = sources.get(*domain).into_iter().flat_map(|own| &own.0);
                cells.extend(answers.map(|&(prompt, answers)| CountedCell {
                    of: (*domain).to_owned(),
                    prompt,
                    model,
                    answers,
                }));
            }
        }
        cells
    }

    /// One entry an entity and prompt that does not name the brand, in their order.
    pub(super) fn voices(&self) -> Vec<Voice> {
        let mut all = Mentions::default();
        for own in self.voices.values() {
            all.add_counts(own.0.iter().copied());
        }
        let voice = |&((entity, prompt), mentions): &((EntityId, PromptId), i64)| Voice {
            entity,
            prompt,
            mentions,
        };
        all.0.iter().map(voice).collect()
    }

    /// What each model said on each day, where not all of a sheet counts; the first day first.
    pub(super) fn model_days(&self) -> Vec<SheetDay> {
        let mut days = self.model_days.clone();
        days.sort_unstable_by_key(|of| (of.day, of.model));
        days
    }

    /// The sums that the intervals over all models are made of: one entry a day that has answers,
    /// the earliest first.
    pub(super) fn days(&self) -> Vec<DayMoments> {
        let has_answers =
            |(_, prompts): &(&NaiveDate, &Sorted<PromptId, [i64; 2]>)| !prompts.0.is_empty();
        let moments = |(&day, prompts): (&NaiveDate, &Sorted<PromptId, [i64; 2]>)| {
            let clusters: Vec<Ratio> = prompts
                .0
                .iter()
                .map(|(_, [mentions, answers])| visibility(*mentions, *answers))
                .collect();
            DayMoments {
                day,
                visibility: Moments::of(&clusters),
            }
        };
        self.days.iter().filter(has_answers).map(moments).collect()
    }
}
