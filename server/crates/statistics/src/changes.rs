//! How the numbers of a page moved since the period before, judged together.

use std::collections::BTreeSet;

use contract::ids::{ModelId, PromptId};
use contract::metrics::{Change, Changes, Compared, Metric, Ratio};
use contract::served::Seam;

use super::change::{Pair, UnjudgedChange, weigh};
use super::family::{Number, beyond_chance};
use super::{CellSums, scale_of};

/// What is shown of each model.
pub const OF_MODELS: [Metric; 5] = [
    Metric::Visibility,
    Metric::ShareOfVoice,
    Metric::AveragePosition,
    Metric::TopThree,
    Metric::Tone,
];

/// Cells of one prompt and model, of both periods.
struct PairedCells<'a> {
    prompt: PromptId,
    model: ModelId,
    before: Vec<&'a CellSums>,
    after: Vec<&'a CellSums>,
}

/// One number of one prompt and model.
#[derive(Clone, Copy)]
struct OfModel {
    model: ModelId,
    pair: Pair,
}

/// How every number over all models and every number of single models moved, paired by prompt and
/// model. `seams`: days on which another model began to answer, between the first day of the
/// earlier period and the last day of the later one. The pairs of such a model are left out,
/// because one model answered before and another one after.
pub fn changes(before: &[CellSums], after: &[CellSums], seams: &[Seam]) -> Changes {
    let both = both(before, after);
    let models: BTreeSet<ModelId> = both.iter().map(|both| both.model).collect();
    let mut weighed: Vec<(Metric, Option<ModelId>, UnjudgedChange)> = Vec::new();
    for metric in Metric::ALL {
        let pairs: Vec<OfModel> = both.iter().map(|both| both.of(metric)).collect();
        weighed.push((metric, None, across(&pairs, metric, seams)));
        if OF_MODELS.contains(&metric) {
            for model in &models {
                let own = pairs.iter().filter(|pair| pair.model == *model);
                let own: Vec<OfModel> = own.copied().collect();
                weighed.push((metric, Some(*model), across(&own, metric, seams)));
            }
        }
    }
    judged(weighed)
}

fn judged(weighed: Vec<(Metric, Option<ModelId>, UnjudgedChange)>) -> Changes {
    let has_difference = |weighed: &UnjudgedChange| weighed.change.difference.is_some();
    let numbers: Vec<Number> = weighed
        .iter()
        .filter(|(_, _, weighed)| has_difference(weighed))
        .map(|(_, model, weighed)| Number {
            is_of_all: model.is_none(),
            chance: weighed.chance,
        })
        .collect();
    let mut verdicts = beyond_chance(&numbers).into_iter();
    let judge = |(metric, model_id, weighed): (Metric, Option<ModelId>, UnjudgedChange)| {
        let is_beyond = has_difference(&weighed) && verdicts.next().unwrap_or_default();
        Compared {
            metric,
            model_id,
            change: weighed.judged(is_beyond),
        }
    };
    weighed.into_iter().map(judge).collect()
}

/// The pairs in the order of their prompts.
fn both<'a>(before: &'a [CellSums], after: &'a [CellSums]) -> Vec<PairedCells<'a>> {
    let mut all: Vec<(&CellSums, bool)> = before
        .iter()
        .map(|cell| (cell, false))
        .chain(after.iter().map(|cell| (cell, true)))
        .collect();
    let key = |(cell, _): &(&CellSums, bool)| (cell.prompt, cell.model);
    all.sort_by_key(key);
    let of_period = |cells: &[(&'a CellSums, bool)], is_after: bool| {
        let own = cells.iter().filter(|(_, is_its)| *is_its == is_after);
        own.map(|(cell, _)| *cell).collect()
    };
    all.chunk_by(|one, next| key(one) == key(next))
        .map(|cells| PairedCells {
            prompt: cells[0].0.prompt,
            model: cells[0].0.model,
            before: of_period(cells, false),
            after: of_period(cells, true),
        })
        .collect()
}

impl PairedCells<'_> {
    fn of(&self, metric: Metric) -> OfModel {
        let ratio = |cells: &[&CellSums]| {
            let counted = cells
                .iter()
                .filter(|cell| !(metric.is_plain() && cell.is_branded));
            counted.map(|cell| metric.ratio(&cell.sums)).sum::<Ratio>()
        };
        OfModel {
            model: self.model,
            pair: Pair {
                prompt: self.prompt,
                before: ratio(&self.before),
                after: ratio(&self.after),
            },
        }
    }
}

/// The change of one number over these pairs without those of models that have a seam.
fn across(pairs: &[OfModel], metric: Metric, seams: &[Seam]) -> UnjudgedChange {
    let has_seam = |model: ModelId| seams.iter().any(|seam| seam.model_id == model);
    let (apart, whole): (Vec<OfModel>, Vec<OfModel>) =
        pairs.iter().partition(|pair| has_seam(pair.model));
    let whole: Vec<Pair> = whole.into_iter().map(|pair| pair.pair).collect();
    let mut weighed = weigh(&whole, scale_of(metric));
    let left_out = apart.iter().filter(|pair| pair.pair.is_known()).count();
    let change = &mut weighed.change;
    change.unpaired += i64::try_from(left_out).unwrap_or(i64::MAX);
    if change.pairs == 0 {
        // A model that was asked in the place of another one has nothing before.
        let behind: Vec<OfModel> = apart
            .into_iter()
            .filter(|pair| pair.pair.after.denominator > 0)
            .collect();
        change.seam = newest_seam(&behind, seams);
    }
    weighed
}

/// The newest seam of these pairs' models.
fn newest_seam(pairs: &[OfModel], seams: &[Seam]) -> Option<Seam> {
    let is_theirs = |seam: &&Seam| pairs.iter().any(|pair| pair.model == seam.model_id);
    let newest = seams.iter().filter(is_theirs).max_by_key(|seam| seam.day);
    newest.cloned()
}

/// A change of which nothing else was looked at: for tests and measurements.
#[must_use]
pub fn change(pairs: &[Pair], scale: super::Scale) -> Change {
    weigh(pairs, scale).alone()
}
