//! Draws of which prompts and answers are made. The same seed gives the same project.

use app::model::metrics::Ratio;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// Answers that name the brand.
    Visibility,
    /// The brand's part of all mentions.
    ShareOfVoice,
    /// Its mean rank in lists of ten.
    Position,
}

impl Number {
    pub(crate) const ALL: [Self; 3] = [Self::Visibility, Self::ShareOfVoice, Self::Position];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Visibility => "visibility",
            Self::ShareOfVoice => "share of voice",
            Self::Position => "average position",
        }
    }
}

/// Places in a list beyond the first.
pub(crate) const PLACES: u32 = 9;
/// The mean way from the first place to the last.
pub(crate) const DEPTH: f64 = 0.3;

/// What makes a prompt easy or hard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prompt {
    /// Probability that an answer names the brand.
    pub(crate) share: f64,
    /// How far down a list ranks it, 0 to 1.
    pub(crate) depth: f64,
}

/// A number without what stands behind its point, to make a seed of.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small number that is not negative"
)]
pub(crate) const fn whole(number: f64) -> u64 {
    number as u64
}

pub(crate) struct Random(StdRng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability.clamp(0.0, 1.0))
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.random_range(0.0..1.0)
    }

    pub(crate) fn successes(&mut self, trials: u32, probability: f64) -> u32 {
        (0..trials)
            .map(|_| u32::from(self.chance(probability)))
            .sum()
    }

    /// Standard normal (G. E. P. Box and M. E. Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Gamma of this shape (G. Marsaglia and W. W. Tsang 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let more = self.gamma(shape + 1.0);
            return more * (1.0 - self.uniform()).powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            let limit = 0.5 * x * x + d - d * v + d * v.max(f64::MIN_POSITIVE).ln();
            if v > 0.0 && (1.0 - self.uniform()).ln() < limit {
                return d * v;
            }
        }
    }

    /// A prompt's own share of a mean and of a correlation between two of its answers: a beta
    /// distribution.
    pub(crate) fn own_share(&mut self, mean: f64, likeness: f64) -> f64 {
        if likeness <= 0.0 {
            return mean;
        }
        let size = (1.0 - likeness) / likeness;
        let (x, y) = (self.gamma(mean * size), self.gamma((1.0 - mean) * size));
        if x + y > 0.0 {
            x / (x + y)
        } else {
            f64::from(u8::from(self.chance(mean)))
        }
    }

    pub(crate) fn prompt(&mut self, share: f64, likeness: f64) -> Prompt {
        Prompt {
            share: self.own_share(share, likeness),
            depth: self.own_share(DEPTH, likeness),
        }
    }

    /// What so many answers to a prompt add to a number.
    pub(crate) fn answers(&mut self, number: Number, prompt: Prompt, answers: u32) -> Ratio {
        let brand = self.successes(answers, prompt.share);
        let ratio =
            |numerator: u32, denominator: u32| Ratio::new(numerator.into(), denominator.into());
        match number {
            Number::Visibility => ratio(brand, answers),
            // Three competitors, who share what the brand leaves, so that the share of voice is
            // the share of answers; how many are named differs from answer to answer.
            Number::ShareOfVoice => {
                let others = self.successes(3 * answers, (1.0 - prompt.share) / 3.0);
                ratio(brand, brand + others)
            }
            Number::Position => {
                let below = self.successes(PLACES * brand, prompt.depth);
                ratio(brand + below, brand)
            }
        }
    }
}
