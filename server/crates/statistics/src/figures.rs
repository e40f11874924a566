//! Intervals and grades of all numbers that are shown, from sums by prompt and model.

use std::collections::{BTreeMap, HashSet};

use contract::dashboard::Figures;
use contract::ids::{ModelId, PromptId};
use contract::metrics::{Grade, Grades, Interval, Intervals, Metric, Ratio, SnapshotSums};

use super::{Draws, Scale, cluster_interval};

/// The sums of one prompt and model over a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellSums {
    /// The prompt.
    pub prompt: PromptId,
    /// The model.
    pub model: ModelId,
    /// Whether the prompt names the brand itself.
    pub is_branded: bool,
    /// The sums.
    pub sums: SnapshotSums,
}

/// What kind of ratio a number is.
pub const fn scale_of(metric: Metric) -> Scale {
    match metric {
        Metric::Visibility
        | Metric::ShareOfVoice
        | Metric::TopThree
        | Metric::InformativeRate
        | Metric::Recommended
        | Metric::JudgedRecommended => Scale::Share,
        Metric::WeightedShareOfVoice | Metric::Prominence => Scale::Weighted,
        Metric::Tone | Metric::JudgedTone => Scale::Balance,
        Metric::AveragePosition => Scale::Mean,
    }
}

/// The intervals of `metrics` over all cells, with prompts as clusters.
pub fn intervals(draws: &mut Draws, cells: &[CellSums], metrics: &[Metric]) -> Intervals {
    let mut prompts: BTreeMap<PromptId, SnapshotSums> = BTreeMap::new();
    for cell in cells {
        *prompts.entry(cell.prompt).or_default() += cell.sums;
    }
    let interval = |&metric: &Metric| {
        let clusters: Vec<Ratio> = prompts.values().map(|sums| metric.ratio(sums)).collect();
        let found = interval_of(draws, metric, &clusters, &prompts);
        found.map(|interval| (metric, possible(metric, interval)))
    };
    metrics.iter().filter_map(interval).collect()
}

/// An interval without what cannot be: Student's of few ranks may reach below the first place.
fn possible(metric: Metric, interval: Interval) -> Interval {
    match metric {
        Metric::AveragePosition => Interval {
            low: interval.low.max(1.0),
            high: interval.high.max(1.0),
        },
        _ => interval,
    }
}

/// Where one prompt alone says anything of the number, those that are no share of trials have an
/// interval over its answers instead.
fn interval_of(
    draws: &mut Draws,
    metric: Metric,
    clusters: &[Ratio],
    prompts: &BTreeMap<PromptId, SnapshotSums>,
) -> Option<Interval> {
    cluster_interval(draws, clusters, scale_of(metric)).or_else(|| {
        let only = only_with_denominator(metric, prompts)?;
        match metric {
            Metric::AveragePosition => only.position_interval(),
            Metric::WeightedShareOfVoice => only.weighted_share_interval(),
            _ => scale_of(metric).wilson_over(metric.ratio(only).value()?, metric.n(only)),
        }
    })
}

/// The sums of the prompt that has something to divide by; `None`: there is none, or several.
fn only_with_denominator(
    metric: Metric,
    prompts: &BTreeMap<PromptId, SnapshotSums>,
) -> Option<&SnapshotSums> {
    let mut with_denominator = prompts
        .values()
        .filter(|sums| metric.ratio(sums).denominator > 0);
    let first = with_denominator.next()?;
    with_denominator.next().is_none().then_some(first)
}

/// The numbers over `cells`, with the intervals of `metrics` and what these are worth. What is
/// compared with other brands is over prompts that do not name the brand.
pub fn figures(draws: &mut Draws, cells: &[CellSums], metrics: &[Metric]) -> Figures {
    let plain = plain(cells);
    let (of_plain, of_all): (Vec<Metric>, Vec<Metric>) =
        metrics.iter().partition(|metric| metric.is_plain());
    let intervals = intervals(draws, cells, &of_all).and(intervals(draws, &plain, &of_plain));
    let grade = |metric: &Metric| {
        let counted = if metric.is_plain() { &plain } else { cells };
        Some((*metric, grade(counted, *metric, intervals.get(*metric))?))
    };
    Figures {
        all: total(cells),
        plain: total(&plain),
        grades: metrics.iter().filter_map(grade).collect::<Grades>(),
        intervals,
    }
}

/// What a number is worth: by the answers that it rests on, the prompts that these belong to,
/// and how far its interval reaches. `None`: no data.
fn grade(cells: &[CellSums], metric: Metric, interval: Option<Interval>) -> Option<Grade> {
    let with_denominator = cells.iter().filter(|cell| metric.answers(&cell.sums) > 0);
    let prompts: HashSet<PromptId> = with_denominator.map(|cell| cell.prompt).collect();
    let answers = cells.iter().map(|cell| metric.answers(&cell.sums)).sum();
    let is_narrow =
        interval.is_some_and(|found| found.half_width() <= metric.decisive_half_width());
    let prompts = i64::try_from(prompts.len()).unwrap_or(i64::MAX);
    (answers > 0).then(|| Grade::of(answers, prompts, is_narrow))
}

/// The cells of prompts that do not name the brand.
pub(super) fn plain(cells: &[CellSums]) -> Vec<CellSums> {
    let is_plain = |cell: &&CellSums| !cell.is_branded;
    cells.iter().filter(is_plain).copied().collect()
}

fn total(cells: &[CellSums]) -> SnapshotSums {
    cells.iter().map(|cell| cell.sums).sum()
}
