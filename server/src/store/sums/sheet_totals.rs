//! Sheets added up over a period.
//!
//! Invariant: pure, whole numbers only; the order in which sheets come changes nothing.

use std::collections::BTreeMap;

use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{Ratio, visibility};
use chrono::NaiveDate;

use super::sheet::{ANSWERS, MENTIONS, Numbers, Sheet, WIDTH, sums};
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
    /// Adds what a model said on a day.
    pub(super) fn add(&mut self, model: ModelId, day: NaiveDate, sheet: &Sheet) {
        let rows = sheet.rows.iter();
        self.cells.entry(model).or_default().add_all(
            rows.clone()
                .map(|row| ((row.prompt, row.is_branded), &row.numbers)),
            || [0; WIDTH],
            |sums, numbers| {
                for (sum, number) in sums.iter_mut().zip(numbers) {
                    *sum = sum.saturating_add(*number);
                }
            },
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
