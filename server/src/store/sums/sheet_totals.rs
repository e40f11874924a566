//! Sheets added up over a period.
//!
//! Invariant: pure, whole numbers only; the order in which sheets come changes nothing.

use std::collections::{BTreeMap, HashMap};

use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{Ratio, visibility};
use chrono::NaiveDate;

use super::sheet::{ANSWERS, MENTIONS, Numbers, Sheet, WIDTH, sums};
use crate::store::StoreResult;
use statistics::{CellSums, DayMoments, Moments, Voice};

/// A prompt and a model, and whether the prompt names the brand.
type Cell = (PromptId, ModelId, bool);

/// What sheets of several days and models come to.
#[derive(Debug, Default)]
pub(super) struct SheetTotals {
    /// In which place of `numbers` a cell stands.
    places: HashMap<Cell, usize>,
    numbers: Vec<Numbers>,
    voices: HashMap<(EntityId, PromptId), i64>,
    /// Answers that mention the brand, out of all, by day and prompt.
    days: BTreeMap<NaiveDate, HashMap<PromptId, [i64; 2]>>,
}

impl SheetTotals {
    /// Adds what a model said on a day.
    pub(super) fn add(&mut self, model: ModelId, day: NaiveDate, sheet: &Sheet) {
        for row in &sheet.rows {
            let place = self.place((row.prompt, model, row.is_branded));
            for (sum, number) in self.numbers[place].iter_mut().zip(&row.numbers) {
                *sum = sum.saturating_add(*number);
            }
            if row.numbers[ANSWERS] > 0 {
                let prompts = self.days.entry(day).or_default();
                let [mentions, answers] = prompts.entry(row.prompt).or_default();
                *mentions = mentions.saturating_add(row.numbers[MENTIONS]);
                *answers = answers.saturating_add(row.numbers[ANSWERS]);
            }
        }
        for voice in &sheet.voices {
            let mentions = self.voices.entry((voice.entity, voice.prompt)).or_default();
            *mentions = mentions.saturating_add(voice.mentions);
        }
    }

    fn place(&mut self, cell: Cell) -> usize {
        let next = self.numbers.len();
        let place = *self.places.entry(cell).or_insert(next);
        if place == next {
            self.numbers.push([0; WIDTH]);
        }
        place
    }

    /// One entry a prompt and model, in their order.
    pub(super) fn cells(&self) -> StoreResult<Vec<CellSums>> {
        let mut places: Vec<(Cell, usize)> = self
            .places
            .iter()
            .map(|(cell, place)| (*cell, *place))
            .collect();
        places.sort_unstable();
        let cell = |((prompt, model, is_branded), place): (Cell, usize)| {
            sums(&self.numbers[place]).map(|sums| CellSums {
                prompt,
                model,
                is_branded,
                sums,
            })
        };
        places.into_iter().map(cell).collect()
    }

    /// One entry an entity and prompt that does not name the brand, in their order.
    pub(super) fn voices(&self) -> Vec<Voice> {
        let voice = |(&(entity, prompt), &mentions): (&(EntityId, PromptId), &i64)| Voice {
            entity,
            prompt,
            mentions,
        };
        let mut voices: Vec<Voice> = self.voices.iter().map(voice).collect();
        voices.sort_unstable_by_key(|voice| (voice.entity, voice.prompt));
        voices
    }

    /// The sums that the intervals over all models are made of: one entry a day that has answers,
    /// the earliest first.
    pub(super) fn days(&self) -> Vec<DayMoments> {
        let moments = |(&day, prompts): (&NaiveDate, &HashMap<PromptId, [i64; 2]>)| {
            let clusters: Vec<Ratio> = prompts
                .values()
                .map(|[mentions, answers]| visibility(*mentions, *answers))
                .collect();
            DayMoments {
                day,
                visibility: Moments::of(&clusters),
            }
        };
        self.days.iter().map(moments).collect()
    }
}
