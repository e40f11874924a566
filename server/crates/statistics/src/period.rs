//! What a project's page shows of a period, from its sums.
//!
//! Invariant: pure; the same sums give the same page.

use std::collections::{BTreeMap, HashMap};
use std::iter::Enumerate;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::{thread, vec};

use chrono::NaiveDate;
use contract::dashboard::{
    Dashboard, DashboardQuery, DaySums, Ends, EntitySums, ModelSums, Rereading,
};
use contract::ids::{EntityId, ModelId, PromptId};
use contract::metrics::{
    Changes, Interval, Intervals, Metric, Ratio, SnapshotSums, share_of_voice,
};
use contract::served::Seam;

use super::bootstrap::mention_wilson;
use super::{Candidate, CellSums, Draws, Moments, OF_MODELS, changes, ends, figures};

/// The sums of a project over a period, and over the earlier one that it is compared with.
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
    /// The earlier period, by prompt and model.
    pub before: Vec<CellSums>,
    /// Visibility of all models together, one entry a day; none is needed of a single model.
    pub days: Vec<DayMoments>,
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

/// The answers of one day that mention the brand, out of all, with prompts as clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMoments {
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// Sums over its prompts.
    pub visibility: Moments,
}

/// The page of a period. Resampling is most of the work, so two threads share it: one draws the
/// numbers over all models while the other begins with single models, and then both take what is
/// left of these. Which clusters are drawn does not depend on who draws.
pub fn dashboard(query: &DashboardQuery, sums: PeriodSums) -> Dashboard {
    let (cells, before) = (&sums.cells, &sums.before);
    let waiting = WaitingModels::new(sums.models, cells);
    let seams = seams_of(&sums.seams, query);
    let earlier = query.earlier();
    let (changes, total, models) = thread::scope(|scope| {
        let beside = scope.spawn(|| waiting.work_off(&mut Draws::default()));
        let mut draws = Draws::default();
        let total = figures(&mut draws, cells, &Metric::ALL);
        // Without an earlier period nothing is new.
        let changes = earlier.map_or_else(Changes::default, |_| changes(before, cells, &seams));
        let mut models = waiting.work_off(&mut draws);
        models.extend(beside.join().unwrap_or_else(|panic| resume_unwind(panic)));
        models.sort_unstable_by_key(|(place, _)| *place);
        let models: Vec<ModelSums> = models.into_iter().map(|(_, model)| model).collect();
        (changes, total, models)
    });
    let of_brand = total.intervals.get(Metric::ShareOfVoice);
    Dashboard {
        from: query.from,
        to: query.to,
        total,
        previous: figures(&mut Draws::default(), before, &[]),
        changes,
        ends: model_ends(cells),
        days: pooled_days(&models, &sums.days),
        models,
        seams,
        entities: with_shares(sums.entities, &sums.voices, of_brand),
        prompts: prompts(cells),
        rereading: sums.rereading,
        simulated: cells.iter().any(|cell| cell.sums.simulated > 0),
        left_out: Vec::new(),
        earlier,
    }
}

/// The seams that lie between the first day of the earlier period, or of this one where there is
/// none, and the last day of this one.
/// One on that first day parts nothing where its stretch is all that there is of the day.
pub fn seams_of(seams: &[Seam], query: &DashboardQuery) -> Vec<Seam> {
    let first = query.earlier().map_or(query.from, |(first, _)| first);
    let is_within = |seam: &Seam| {
        let is_shown = query.model_ids.is_empty() || query.model_ids.contains(&seam.model_id);
        let begins_before = first < seam.day || first == seam.day && seam.is_within_day;
        is_shown && begins_before && seam.day <= query.to
    };
    let within = seams.iter().filter(|seam| is_within(seam));
    within.cloned().collect()
}

/// The models that name the brand most and least often.
fn model_ends(cells: &[CellSums]) -> Ends<ModelId> {
    let mut models: BTreeMap<ModelId, BTreeMap<PromptId, SnapshotSums>> = BTreeMap::new();
    for cell in cells {
        let prompts = models.entry(cell.model).or_default();
        *prompts.entry(cell.prompt).or_default() += cell.sums;
    }
    let candidate = |(who, prompts)| Candidate { who, prompts };
    let candidates: Vec<Candidate<ModelId>> = models.into_iter().map(candidate).collect();
    ends(&candidates, Metric::Visibility)
}

/// The days of all models together. Those of a single model are its own.
fn pooled_days(models: &[ModelSums], moments: &[DayMoments]) -> Vec<DaySums> {
    if let [only] = models {
        return only.days.clone();
    }
    let mut days: BTreeMap<NaiveDate, SnapshotSums> = BTreeMap::new();
    for day in models.iter().flat_map(|model| &model.days) {
        *days.entry(day.day).or_default() += day.sums;
    }
    let moments: HashMap<NaiveDate, &Moments> = moments
        .iter()
        .map(|moments| (moments.day, &moments.visibility))
        .collect();
    let interval = |day: NaiveDate, sums: &SnapshotSums| {
        let interval = moments.get(&day)?.interval()?;
        // Read by another statement than the sums: an answer may have come in between.
        sums.visibility()
            .value()
            .filter(|share| interval.holds(*share))?;
        Some((Metric::Visibility, interval))
    };
    let pooled = |(day, sums): (NaiveDate, SnapshotSums)| DaySums {
        day,
        intervals: interval(day, &sums).into_iter().collect::<Intervals>(),
        sums,
    };
    days.into_iter().map(pooled).collect()
}

/// Models whose numbers are still to be drawn, each with its place on the page.
struct WaitingModels<'a> {
    waiting: Mutex<Enumerate<vec::IntoIter<ModelSums>>>,
    cells: &'a [CellSums],
}

impl<'a> WaitingModels<'a> {
    fn new(models: Vec<ModelSums>, cells: &'a [CellSums]) -> Self {
        Self {
            waiting: Mutex::new(models.into_iter().enumerate()),
            cells,
        }
    }

    fn next(&self) -> Option<(usize, ModelSums)> {
        // Whoever panicked took its model with it; the page is not made then.
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next()
    }

    /// Takes one model after the other, until none is left: those that it took, with the numbers of
    /// their own cells.
    fn work_off(&self, draws: &mut Draws) -> Vec<(usize, ModelSums)> {
        let mut done = Vec::new();
        while let Some((place, model)) = self.next() {
            let is_own = |cell: &&CellSums| cell.model == model.model_id;
            let own: Vec<CellSums> = self.cells.iter().filter(is_own).copied().collect();
            let total = figures(draws, &own, &OF_MODELS);
            done.push((place, ModelSums { total, ..model }));
        }
        done
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

/// Each entity's share of all mentions, and its interval with prompts as clusters. The brand's
/// is drawn for its card already, and a number has one interval on a page.
fn with_shares(
    entities: Vec<EntitySums>,
    voices: &[Voice],
    of_brand: Option<Interval>,
) -> Vec<EntitySums> {
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
                share_of_voice(own.unwrap_or_default(), all)
            })
            .collect();
        let pooled: Ratio = clusters.iter().copied().sum();
        // Read by another statement than the card's sums: an answer may have come in between.
        let of_card = of_brand.filter(|interval| {
            let is_in_it = |share| interval.holds(share);
            entity.is_brand && pooled.value().is_some_and(is_in_it)
        });
        EntitySums {
            plain_mentions: pooled.numerator,
            share: of_card.or_else(|| mention_wilson(&clusters)),
            ..entity
        }
    };
    entities.into_iter().map(share).collect()
}
