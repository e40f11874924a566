//! Whether a number moved from one period to the next.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, PromptId};
use app::model::metrics::{Change, Interval, Ratio, Verdict, wilson};

use super::Scale;
use super::bootstrap::{
    FEW_CLUSTERS, around, holding, quotient, resamples, student_half_width, wider,
};
use super::resample::{Draws, corrected, expanded_z, jackknife, total};

/// What one prompt and model add to a ratio of sums in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The prompt.
    pub prompt: PromptId,
    /// The model.
    pub model: ModelId,
    /// Its numerator and denominator.
    pub sums: Ratio,
}

/// Numerator and denominator of the first period, then of the second.
type Both = [i64; 4];

/// The change of a ratio of sums from one period to another, over the pairs of prompt and model
/// that have something to divide by in both; what only one period has is left out and counted,
/// so that a prompt that was added is no change. Several cells of one pair are added up.
///
/// The interval is an expanded `BCa` bootstrap over prompts in which each prompt brings both its
/// periods along: what makes a prompt easy or hard is in both and cancels. The number has
/// changed where the interval excludes 0. Where resampling cannot tell:
/// - one prompt: R. G. Newcombe's interval of the difference of two shares for a
///   [`Scale::Share`] (Statistics in Medicine 17 (1998), 873-890, method 10), else none;
/// - prompts that all moved alike: the same, from Wilson's intervals over prompts; none for a
///   [`Scale::Mean`];
/// - fewer than 20 prompts: the wider of the bootstrap's and Student's interval of the
///   difference, by its linear approximation.
///
/// Sources: as for [`cluster_interval`](super::cluster_interval); pairs: A. C. Davison and
/// D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8.
pub fn change(draws: &mut Draws, before: &[Cell], after: &[Cell], scale: Scale) -> Change {
    let (prompts, pairs, unpaired) = paired(before, after);
    let sums = total(&prompts);
    let difference = difference(&sums);
    let interval = difference.and_then(|moved| interval(draws, &prompts, moved, scale));
    let verdict = match (difference, interval) {
        (None, _) => Verdict::NoData,
        (Some(_), Some(interval)) if !interval.holds(0.0) => Verdict::Change,
        _ => Verdict::WithinNoise,
    };
    Change {
        before: Ratio::new(sums[0], sums[1]),
        after: Ratio::new(sums[2], sums[3]),
        difference,
        interval,
        verdict,
        pairs,
        unpaired,
    }
}

/// The sums of each prompt over its pairs in ascending order; the number of pairs, and of cells
/// that have none.
fn paired(before: &[Cell], after: &[Cell]) -> (Vec<Both>, i64, i64) {
    let mut cells: BTreeMap<(PromptId, ModelId), Both> = BTreeMap::new();
    for (period, cell) in before
        .iter()
        .map(|cell| (0, cell))
        .chain(after.iter().map(|cell| (2, cell)))
        .filter(|(_, cell)| cell.sums.denominator > 0)
    {
        let sums = cells.entry((cell.prompt, cell.model)).or_default();
        sums[period] = sums[period].saturating_add(cell.sums.numerator);
        sums[period + 1] = sums[period + 1].saturating_add(cell.sums.denominator);
    }
    let mut prompts: BTreeMap<PromptId, Both> = BTreeMap::new();
    let (mut pairs, mut unpaired) = (0, 0);
    for ((prompt, _), cell) in cells {
        if cell[1] == 0 || cell[3] == 0 {
            unpaired += 1;
            continue;
        }
        pairs += 1;
        let sums = prompts.entry(prompt).or_default();
        *sums = total(&[*sums, cell]);
    }
    let mut prompts: Vec<Both> = prompts.into_values().collect();
    // The interval must not depend on the prompts' ids.
    prompts.sort_unstable();
    (prompts, pairs, unpaired)
}

fn difference(sums: &Both) -> Option<f64> {
    Some(quotient(&[sums[2], sums[3]])? - quotient(&[sums[0], sums[1]])?)
}

fn interval(draws: &mut Draws, prompts: &[Both], moved: f64, scale: Scale) -> Option<Interval> {
    let sums = total(prompts);
    let before = quotient(&[sums[0], sums[1]])?;
    let after = quotient(&[sums[2], sums[3]])?;
    if prompts.len() < 2 {
        let one = |numerator, denominator| match scale {
            Scale::Share => wilson(numerator, denominator),
            _ => None,
        };
        let both = (one(sums[0], sums[1])?, one(sums[2], sums[3])?);
        return Some(newcombe((before, both.0), (after, both.1)));
    }
    let residuals = residuals(prompts, &sums, before, after);
    if residuals.iter().all(|residual| residual.abs() < 1e-12) {
        let over = |value| scale.wilson_over(value, prompts.len());
        return Some(newcombe((before, over(before)?), (after, over(after)?)));
    }
    let replicates = draws.replicates(prompts, resamples(prompts.len()), difference);
    let left_out = jackknife(prompts, difference);
    let bootstrap = corrected(moved, &replicates, &left_out, expanded_z(prompts.len()))?;
    let mut interval = holding(bootstrap, moved);
    if prompts.len() < FEW_CLUSTERS {
        let squares = residuals.iter().map(|residual| residual * residual).sum();
        let half = student_half_width(squares, prompts.len(), 1.0);
        interval = wider(interval, around(moved, half));
    }
    Some(interval)
}

/// What each prompt adds to the linear approximation of the difference.
#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn residuals(prompts: &[Both], sums: &Both, before: f64, after: f64) -> Vec<f64> {
    let part = |numerator: i64, denominator: i64, ratio: f64, all: i64| {
        (numerator as f64 - ratio * denominator as f64) / all as f64
    };
    prompts
        .iter()
        .map(|prompt| {
            part(prompt[2], prompt[3], after, sums[3]) - part(prompt[0], prompt[1], before, sums[1])
        })
        .collect()
}

/// The interval of the difference of two values with intervals of their own, as if they were
/// independent: Newcombe's method 10.
fn newcombe(before: (f64, Interval), after: (f64, Interval)) -> Interval {
    let moved = after.0 - before.0;
    let down = f64::hypot(after.0 - after.1.low, before.1.high - before.0);
    let up = f64::hypot(after.1.high - after.0, before.0 - before.1.low);
    Interval {
        low: moved - down,
        high: moved + up,
    }
}
