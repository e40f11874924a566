//! Sheets added up over a period.
//!
//! Invariant: pure, whole numbers only; the order in which sheets come changes nothing.

use std::collections::{BTreeMap, HashSet};

use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{Ratio, SnapshotSums, visibility};
use chrono::NaiveDate;

use super::sheet::{ANSWERS, MENTIONS, Numbers, Sheet, SheetRow, WIDTH, sums};
use crate::store::StoreResult;
use statistics::{CellSums, DayMoments, Moments, Voice};

/// What sheets of several days and models come to.
#[derive(Debug, Default)]
pub(super) struct SheetTotals {
    /// By model, then by prompt: sheets are of one model.
    cells: BTreeMap<ModelId, Sorted<(PromptId, bool), Numbers>>,
    voices: Sorted<(EntityId, PromptId), i64>,
    /// Answers that mention the brand, out of all, by day and prompt.
    days: BTreeMap<NaiveDate, Sorted<PromptId, [i64; 2]>>,
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

impl SheetTotals {
    /// Nothing yet; of what is added only these prompts count, or all.
    pub(super) fn of(prompts: Option<&[PromptId]>) -> Self {
        Self {
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
        let voices = sheet.voices.iter();
        self.voices.add_all(
            voices.map(|voice| ((voice.entity, voice.prompt), voice.mentions)),
            || 0,
            |sum, mentions| *sum = sum.saturating_add(mentions),
        );
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

    /// One entry an entity and prompt that does not name the brand, in their order.
    pub(super) fn voices(&self) -> Vec<Voice> {
        let voice = |&((entity, prompt), mentions): &((EntityId, PromptId), i64)| Voice {
            entity,
            prompt,
            mentions,
        };
        self.voices.0.iter().map(voice).collect()
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
