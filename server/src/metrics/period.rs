//! What a project's page shows of a period, from its sums.
//!
//! Invariant: pure; the same sums give the same page.

use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::thread;

use app::model::dashboard::{Dashboard, DashboardQuery, EntitySums, Figures, ModelSums, Rereading};
use app::model::ids::{EntityId, PromptId};
use app::model::metrics::{Changes, Metric, Ratio, SnapshotSums};
use app::model::served::Seam;

use super::{CellSums, Draws, changes, cluster_wilson, intervals};

/// The sums of a project over a period, and over the period of equal length before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodSums {
    /// One a model, by provider and name; without intervals of the period.
    pub models: Vec<ModelSums>,
    /// Every entity of the revision, the brand first, then by mentions; without intervals.
    pub entities: Vec<EntitySums>,
    /// Mentions of entities in answers to prompts that do not name the brand, by prompt.
    pub voices: Vec<Voice>,
    /// By prompt and model.
    pub cells: Vec<CellSums>,
    /// The period before, by prompt and model.
    pub before: Vec<CellSums>,
    /// Where another model began to answer, in the whole series.
    pub seams: Vec<Seam>,
    /// Answers are being read again.
    pub rereading: Option<Rereading>,
}

/// Mentions of one entity in answers to one prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The entity.
    pub entity: EntityId,
    /// The prompt.
    pub prompt: PromptId,
    /// Answers that mention it.
    pub mentions: i64,
}

/// What is shown of each model.
const OF_MODELS: [Metric; 5] = [
    Metric::Visibility,
    Metric::ShareOfVoice,
    Metric::AveragePosition,
    Metric::TopThree,
    Metric::Tone,
];

/// The page of a period. Resampling is most of the work, so the models' part of it has a thread
/// of its own; which clusters are drawn does not depend on who draws.
pub fn dashboard(query: &DashboardQuery, sums: PeriodSums) -> Dashboard {
    let (cells, before) = (&sums.cells, &sums.before);
    let own = sums.models;
    let ((changes, total), models) = thread::scope(|scope| {
        let models = scope.spawn(|| of_models(own, cells));
        let mut draws = Draws::default();
        let whole = (
            moved(&mut draws, before, cells),
            figures(&mut draws, cells, &Metric::ALL),
        );
        (
            whole,
            models.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    });
    Dashboard {
        from: query.from,
        to: query.to,
        total,
        previous: figures(&mut Draws::default(), before, &[]),
        changes,
        models,
        entities: with_shares(sums.entities, &sums.voices),
        prompts: prompts(cells),
        seams: sums.seams,
        rereading: sums.rereading,
        simulated: cells.iter().any(|cell| cell.sums.simulated > 0),
        left_out: Vec::new(),
    }
}

/// Each model with the numbers of its own cells.
fn of_models(models: Vec<ModelSums>, cells: &[CellSums]) -> Vec<ModelSums> {
    let mut draws = Draws::default();
    let with_figures = |model: ModelSums| {
        let is_own = |cell: &&CellSums| cell.model == model.model_id;
        let own: Vec<CellSums> = cells.iter().filter(is_own).copied().collect();
        ModelSums {
            total: figures(&mut draws, &own, &OF_MODELS),
            ..model
        }
    };
    models.into_iter().map(with_figures).collect()
}

/// The change of every number from the period before.
fn moved(draws: &mut Draws, before: &[CellSums], now: &[CellSums]) -> Changes {
    let (of_plain, of_all): (Vec<Metric>, Vec<Metric>) = Metric::ALL
        .into_iter()
        .partition(|metric| metric.is_plain());
    let all = changes(draws, before, now, &of_all);
    all.and(changes(draws, &plain(before), &plain(now), &of_plain))
}

/// The cells of prompts that do not name the brand.
fn plain(cells: &[CellSums]) -> Vec<CellSums> {
    let is_plain = |cell: &&CellSums| !cell.is_branded;
    cells.iter().filter(is_plain).copied().collect()
}

fn total(cells: &[CellSums]) -> SnapshotSums {
    cells.iter().map(|cell| cell.sums).sum()
}

/// The numbers over `cells`, with the intervals of `metrics`.
fn figures(draws: &mut Draws, cells: &[CellSums], metrics: &[Metric]) -> Figures {
    let plain = plain(cells);
    let (of_plain, of_all): (Vec<Metric>, Vec<Metric>) =
        metrics.iter().partition(|metric| metric.is_plain());
    Figures {
        all: total(cells),
        intervals: intervals(draws, cells, &of_all).and(intervals(draws, &plain, &of_plain)),
        plain: total(&plain),
    }
}

/// Prompts that have an answer.
fn prompts(cells: &[CellSums]) -> i64 {
    let mut prompts: Vec<PromptId> = cells
        .iter()
        .filter(|cell| cell.sums.answers > 0)
        .map(|cell| cell.prompt)
        .collect();
    prompts.sort_unstable_by_key(|prompt| prompt.0);
    prompts.dedup();
    i64::try_from(prompts.len()).unwrap_or(i64::MAX)
}

/// Each entity's share of all mentions, and its interval with prompts as clusters.
fn with_shares(entities: Vec<EntitySums>, voices: &[Voice]) -> Vec<EntitySums> {
    let mut all: BTreeMap<PromptId, i64> = BTreeMap::new();
    let mut own: HashMap<(EntityId, PromptId), i64> = HashMap::new();
    for voice in voices {
        *all.entry(voice.prompt).or_default() += voice.mentions;
        *own.entry((voice.entity, voice.prompt)).or_default() += voice.mentions;
    }
    let share = |entity: EntitySums| {
        let clusters: Vec<Ratio> = all
            .iter()
            .map(|(&prompt, &all)| {
                let own = own.get(&(entity.entity_id, prompt)).copied();
                Ratio::new(own.unwrap_or_default(), all)
            })
            .collect();
        EntitySums {
            plain_mentions: clusters.iter().map(|cluster| cluster.numerator).sum(),
            share: cluster_wilson(&clusters),
            ..entity
        }
    };
    entities.into_iter().map(share).collect()
}
