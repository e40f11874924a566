//! How far a number moved from one period to the next, and how easily chance does that.

use std::cmp::Ordering;

use contract::ids::PromptId;
use contract::metrics::{Change, Interval, Ratio, Verdict, student_95_between, wilson_share};

use super::bootstrap::{around, student_half_width};
use super::student::chance_beyond;
use super::{Scale, normal};

/// What one prompt and model add to a ratio of sums in two periods; or one prompt, with two
/// models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The prompt.
    pub prompt: PromptId,
    /// Numerator and denominator of the first.
    pub before: Ratio,
    /// Of the second.
    pub after: Ratio,
}

impl Pair {
    /// Whether there is something to divide by in both.
    const fn is_paired(&self) -> bool {
        self.before.denominator > 0 && self.after.denominator > 0
    }

    /// Whether there is in either.
    pub(super) const fn is_known(&self) -> bool {
        self.before.denominator > 0 || self.after.denominator > 0
    }
}

/// A change that is not judged yet: its verdict is "within noise" or "no data".
#[derive(Clone, Debug, PartialEq)]
pub struct UnjudgedChange {
    /// The change.
    pub change: Change,
    /// How probable a difference at least as large is where nothing changed; 1 where that cannot
    /// be told.
    pub chance: f64,
}

impl UnjudgedChange {
    /// The change with its verdict.
    #[must_use]
    pub fn judged(self, is_beyond_chance: bool) -> Change {
        let mut change = self.change;
        let difference = change.difference.unwrap_or_default();
        // Where both can be told they agree; of one prompt they come from different formulas.
        let excludes_zero = change.interval.is_some_and(|interval| !interval.holds(0.0));
        if is_beyond_chance && excludes_zero {
            change.verdict = match difference.total_cmp(&0.0) {
                Ordering::Less => Verdict::Down,
                _ => Verdict::Up,
            };
        }
        change
    }

    /// The change by its own interval, as if nothing else had been looked at.
    #[must_use]
    pub fn alone(self) -> Change {
        self.judged(true)
    }
}

/// What the pairs of one prompt say together. With numerators `k` and denominators `n` a pair
/// weighs `w = n₁n₂ / (n₁ + n₂)`.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    /// `Σ w (k₂/n₂ - k₁/n₁)`.
    gain: f64,
    /// `Σ w k₁/n₁`.
    before: f64,
    /// `Σ w`.
    weight: f64,
}

/// The difference of a number between two periods over the pairs that have something to divide
/// by in both: `Σ w (k₂/n₂ - k₁/n₁) / Σ w` with `w = n₁n₂ / (n₁ + n₂)`. Pairs come in the order of
/// their prompts.
///
/// A pair weighs the same in both periods, so that other prompts, other models or more answers
/// of some move nothing. With these weights `w (k₂/n₂ - k₁/n₁) = (n₁k₂ - n₂k₁) / (n₁ + n₂)`,
/// whose mean over all ways to deal a pair's answers out to the periods is exactly 0, however
/// many fall into each (they are the weights of Cochran, Mantel and Haenszel).
///
/// The interval is Student's over prompts, of the ratio of these sums by its linear
/// approximation (W. G. Cochran, "Sampling Techniques" (1977), section 6.3), with as many
/// degrees of freedom as prompts of equal weight would have (`(Σw)² / Σw² - 1`; L. Kish, "Survey
/// Sampling" (1965), section 8.2). Where it cannot tell:
/// - one prompt: R. G. Newcombe's interval of the difference of two shares for a
///   [`Scale::Share`] (Statistics in Medicine 17 (1998), 873-890, method 10), else none;
/// - prompts that all moved alike: the same, from Wilson's intervals over prompts; none for a
///   [`Scale::Mean`].
pub fn weigh(pairs: &[Pair], scale: Scale) -> UnjudgedChange {
    let paired: Vec<Pair> = pairs
        .iter()
        .filter(|pair| pair.is_paired())
        .copied()
        .collect();
    let known = pairs.iter().filter(|pair| pair.is_known()).count();
    let prompts = by_prompt(&paired);
    let total = sum(&prompts);
    let mut weighed = UnjudgedChange {
        change: Change {
            pairs: count(paired.len()),
            unpaired: count(known - paired.len()),
            ..Change::default()
        },
        chance: 1.0,
    };
    if total.weight <= 0.0 {
        return weighed;
    }
    let (before, moved) = (total.before / total.weight, total.gain / total.weight);
    let found = spread(&prompts, &total, moved)
        .or_else(|| apart(&paired, prompts.len(), (before, before + moved), scale));
    weighed.change.before = Some(before);
    weighed.change.after = Some(before + moved);
    weighed.change.difference = Some(moved);
    weighed.change.verdict = Verdict::WithinNoise;
    if let Some((interval, chance)) = found {
        weighed.change.interval = Some(scale.within_differences(interval));
        weighed.chance = chance;
    }
    weighed
}

/// One entry a prompt, in an order that does not depend on theirs: sums of floats do.
fn by_prompt(paired: &[Pair]) -> Vec<Moved> {
    let of_prompts = paired.chunk_by(|one, next| one.prompt == next.prompt);
    let mut prompts: Vec<Moved> = of_prompts
        .map(|pairs| sum(&pairs.iter().map(moved).collect::<Vec<_>>()))
        .collect();
    prompts.sort_unstable_by(|one, other| {
        let by_gain = one.gain.total_cmp(&other.gain);
        by_gain
            .then(one.weight.total_cmp(&other.weight))
            .then(one.before.total_cmp(&other.before))
    });
    prompts
}

#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn moved(pair: &Pair) -> Moved {
    let (k1, n1) = (pair.before.numerator as f64, pair.before.denominator as f64);
    let (k2, n2) = (pair.after.numerator as f64, pair.after.denominator as f64);
    Moved {
        gain: (n1 * k2 - n2 * k1) / (n1 + n2),
        before: n2 * k1 / (n1 + n2),
        weight: n1 * n2 / (n1 + n2),
    }
}

fn sum(all: &[Moved]) -> Moved {
    all.iter().fold(Moved::default(), |sum, one| Moved {
        gain: sum.gain + one.gain,
        before: sum.before + one.before,
        weight: sum.weight + one.weight,
    })
}

/// Student's interval over prompts, and the chance of such a difference; `None` where the
/// prompts do not differ.
fn spread(prompts: &[Moved], total: &Moved, moved: f64) -> Option<(Interval, f64)> {
    let residuals = prompts
        .iter()
        .map(|prompt| prompt.gain - moved * prompt.weight);
    let squares: f64 = residuals.map(|residual| residual * residual).sum();
    if prompts.len() < 2 || squares.sqrt() / total.weight < 1e-12 {
        return None;
    }
    let weights: f64 = prompts.iter().map(|prompt| prompt.weight.powi(2)).sum();
    let freedom = total.weight.powi(2) / weights - 1.0;
    let quantile = student_95_between(freedom);
    let half = student_half_width(squares, prompts.len(), total.weight, quantile);
    let chance = chance_beyond(moved * quantile / half, freedom);
    Some((around(moved, half), chance))
}

/// The interval of the difference of two values that are taken for independent, and its chance.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn apart(
    paired: &[Pair],
    prompts: usize,
    (before, after): (f64, f64),
    scale: Scale,
) -> Option<(Interval, f64)> {
    let trials = match (prompts, scale) {
        (1, Scale::Share) => {
            let before: Ratio = paired.iter().map(|pair| pair.before).sum();
            let after: Ratio = paired.iter().map(|pair| pair.after).sum();
            let (n1, n2) = (before.denominator as f64, after.denominator as f64);
            // Models whose answers fall to the periods in unequal parts are worth less together
            // than their sums: as many as give the weight that they have.
            let weight: f64 = paired.iter().map(|pair| moved(pair).weight).sum();
            let worth = (weight * (n1 + n2) / (n1 * n2)).min(1.0);
            (n1 * worth, n2 * worth)
        }
        (1, _) => return None,
        _ => (prompts as f64, prompts as f64),
    };
    let (before, after) = (scale.as_share(before)?, scale.as_share(after)?);
    let one = (before, wilson_share(before, trials.0)?);
    let other = (after, wilson_share(after, trials.1)?);
    let interval = scale.stretched(newcombe(one, other));
    Some((interval, chance_apart(before, after, trials)))
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

/// The chance of two such shares where both are of one kind: the score test with F. Yates's
/// correction for whole counts (Supplement to the Journal of the Royal Statistical Society 1
/// (1934), 217-235), without which a few answers look too certain.
fn chance_apart(before: f64, after: f64, (n1, n2): (f64, f64)) -> f64 {
    let inverse = 1.0 / n1 + 1.0 / n2;
    let pooled = (n1 * before + n2 * after) / (n1 + n2);
    let deviation = (pooled * (1.0 - pooled) * inverse).sqrt();
    let distance = ((after - before).abs() - inverse / 2.0).max(0.0);
    if deviation > 0.0 {
        2.0 * normal::below(-distance / deviation)
    } else {
        1.0
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
