//! What asking each prompt several times is worth.

use contract::metrics::{Interval, Ratio, wilson_share};

/// How alike the answers to one prompt are, as far as past answers tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The share over all answers.
    pub share: f64,
    /// Correlation of two answers to one prompt, 0 to 1; `None` where no prompt has two answers
    /// or there is one prompt.
    pub rho: Option<f64>,
}

/// Reads the likeness from past answers, one entry a prompt: successes out of answers. `None`
/// without answers.
///
/// With `k` prompts, `m` answers to a prompt of which a share `p` succeeds, `N` answers and a
/// share `P` in all: `MSB = Σ m (p-P)² / (k-1)`, `MSW = Σ m p (1-p) / (N-k)`,
/// `m0 = (N - Σm²/N) / (k-1)`, `rho = (MSB - MSW) / (MSB + (m0-1) MSW)`, cut to 0 to 1.
/// Source: the estimator from the analysis of variance; M. S. Ridout, C. G. B. Demétrio and
/// D. Firth, "Estimating intraclass correlation for binary data", Biometrics 55 (1999),
/// 137-148.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn likeness(prompts: &[Ratio]) -> Option<Likeness> {
    let mut with_denominator: Vec<(i64, i64)> = prompts
        .iter()
        .filter(|prompt| prompt.denominator > 0)
        .map(|prompt| {
            let successes = prompt.numerator.clamp(0, prompt.denominator);
            (prompt.denominator, successes)
        })
        .collect();
    with_denominator.sort_unstable();
    let answers: i64 = with_denominator.iter().map(|(answers, _)| answers).sum();
    let successes: i64 = with_denominator
        .iter()
        .map(|(_, successes)| successes)
        .sum();
    let share = Ratio::new(successes, answers).value()?;
    let (total, clusters) = (answers as f64, with_denominator.len() as f64);
    if with_denominator.len() < 2 || total <= clusters {
        return Some(Likeness { share, rho: None });
    }
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for (answers, successes) in &with_denominator {
        let size = *answers as f64;
        let own = *successes as f64 / size;
        between += size * (own - share).powi(2);
        within += size * own * (1.0 - own);
        squares += size * size;
    }
    between /= clusters - 1.0;
    within /= total - clusters;
    let size = (total - squares / total) / (clusters - 1.0);
    let scale = between + (size - 1.0) * within;
    // Without any variance no two answers can be told from strangers: as for one answer each.
    let rho = (scale > 0.0).then(|| ((between - within) / scale).clamp(0.0, 1.0));
    Some(Likeness { share, rho })
}

impl Likeness {
    /// The half-width to expect of the 95 % interval of the share, for `prompts` prompts asked
    /// `repeats` times each: that of Wilson's interval over as many answers as
    /// `prompts · repeats` are worth. From the best to the worst case where the correlation is
    /// not known (0 to 1); both the same where it is. `None` without prompts or repeats.
    ///
    /// `deff = 1 + (repeats - 1) rho`, effective answers `prompts · repeats / deff`. Source:
    /// L. Kish, "Survey Sampling" (1965), chapter 5 and section 8.2.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn half_width(&self, prompts: i64, repeats: i64) -> Option<Interval> {
        if prompts < 1 || repeats < 1 {
            return None;
        }
        let of = |rho: f64| {
            let effect = 1.0 + (repeats - 1) as f64 * rho;
            let effective = prompts as f64 * repeats as f64 / effect;
            Some(wilson_share(self.share, effective)?.half_width())
        };
        Some(Interval {
            low: of(self.rho.unwrap_or(0.0))?,
            high: of(self.rho.unwrap_or(1.0))?,
        })
    }
}
