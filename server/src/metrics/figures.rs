//! Intervals and changes of all numbers that are shown, from sums by prompt and model.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, PromptId};
use app::model::metrics::{Changes, Interval, Intervals, Metric, Ratio, SnapshotSums};

use super::{Cell, Draws, Scale, change, cluster_interval};

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

/// Where there is one prompt, numbers that are no share of trials have an interval over its
/// answers instead.
fn interval_of(
    draws: &mut Draws,
    metric: Metric,
    clusters: &[Ratio],
    prompts: &BTreeMap<PromptId, SnapshotSums>,
) -> Option<Interval> {
    let only = || prompts.values().copied().sum::<SnapshotSums>();
    cluster_interval(draws, clusters, scale_of(metric)).or_else(|| match metric {
        Metric::AveragePosition if prompts.len() == 1 => only().position_interval(),
        Metric::WeightedShareOfVoice if prompts.len() == 1 => only().weighted_share_interval(),
        _ => None,
    })
}

/// How `metrics` moved from one period to the next, paired by prompt and model.
pub fn changes(
    draws: &mut Draws,
    before: &[CellSums],
    after: &[CellSums],
    metrics: &[Metric],
) -> Changes {
    let cells = |period: &[CellSums], metric: Metric| -> Vec<Cell> {
        let cell = |cell: &CellSums| Cell {
            prompt: cell.prompt,
            model: cell.model,
            sums: metric.ratio(&cell.sums),
        };
        period.iter().map(cell).collect()
    };
    let moved = |&metric: &Metric| {
        let change = change(
            draws,
            &cells(before, metric),
            &cells(after, metric),
            scale_of(metric),
        );
        (metric, change)
    };
    metrics.iter().map(moved).collect()
}
