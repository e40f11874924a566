//! What a project's page shows of a period, from its sums.
//!
//! Invariant: pure; the same sums give the same page.

use std::collections::{BTreeMap, HashMap};

use app::model::dashboard::{Dashboard, DashboardQuery, EntitySums, Figures, ModelSums, Rereading};
use app::model::ids::{EntityId, PromptId};
use app::model::metrics::{Changes, Metric, Ratio, SnapshotSums};

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

/// The page of a period.
pub fn dashboard(query: &DashboardQuery, sums: PeriodSums) -> Dashboard {
    let metrics = |is_plain: bool| -> Vec<Metric> {
        let wanted = |metric: &Metric| metric.is_plain() == is_plain;
        Metric::ALL.into_iter().filter(wanted).collect()
    };
    let mut draws = Draws::default();
    let mut moved = |before: &[CellSums], now: &[CellSums], is_plain| -> Changes {
        changes(&mut draws, before, now, &metrics(is_plain))
    };
    let (plain, plain_before) = (plain(&sums.cells), plain(&sums.before));
    let all = moved(&sums.before, &sums.cells, false);
    let changes = all.and(moved(&plain_before, &plain, true));
    let total = figures(&mut draws, &sums.cells, &Metric::ALL);
    let models = sums.models.into_iter().map(|model| {
        let own: Vec<CellSums> = sums
            .cells
            .iter()
            .filter(|cell| cell.model == model.model_id)
            .copied()
            .collect();
        ModelSums {
            total: figures(&mut draws, &own, &OF_MODELS),
            ..model
        }
    });
    Dashboard {
        from: query.from,
        to: query.to,
        total,
        previous: figures(&mut Draws::default(), &sums.before, &[]),
        changes,
        models: models.collect(),
        entities: with_shares(sums.entities, &sums.voices),
        prompts: prompts(&sums.cells),
        rereading: sums.rereading,
        simulated: sums.cells.iter().any(|cell| cell.sums.simulated > 0),
    }
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
