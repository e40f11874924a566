//! How a number moved between two periods: what travels; the host computes it.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::{Interval, Metric};
use crate::ids::ModelId;
use crate::served::Seam;

/// What may be said of how a number moved, after everything on the page was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It rose. Of an average position: to a greater number, a worse place.
    Up,
    /// It fell.
    Down,
    /// Chance may have moved it.
    WithinNoise,
    /// There is nothing to compare: no prompt and model have both periods, or another model
    /// answered in one of them.
    #[default]
    NoData,
}

impl Verdict {
    /// Whether the number moved for certain.
    pub const fn is_change(self) -> bool {
        matches!(self, Self::Up | Self::Down)
    }
}

/// The difference between two periods, over the pairs of prompt and model that both have. A
/// pair weighs the same in both.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Change {
    /// The earlier period, over the pairs and by their weights.
    pub before: Option<f64>,
    /// The later period.
    pub after: Option<f64>,
    /// Later less earlier, in the unit of the number itself (0.05: five points of a share).
    pub difference: Option<f64>,
    /// 95 % interval of the difference, for this number alone.
    pub interval: Option<Interval>,
    /// What may be said.
    pub verdict: Verdict,
    /// Pairs of prompt and model that both periods have.
    pub pairs: i64,
    /// Pairs that are left out: only one period has them, or another model answered in one.
    pub unpaired: i64,
    /// Where another model began to answer, if nothing can be compared because of it.
    pub seam: Option<Seam>,
}

impl Change {
    /// Whether a headline that went from `before` to `after` says something else than the
    /// pairs: other prompts or models were asked, or in other proportions.
    pub fn is_mix(&self, before: f64, after: f64) -> bool {
        match self.interval {
            Some(interval) => !interval.holds(after - before),
            None => self.pairs == 0 && self.seam.is_none() && self.unpaired > 0,
        }
    }
}

/// One number of a page that was compared with the period before.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Compared {
    /// The number.
    pub metric: Metric,
    /// Of this model; `None`: of all.
    pub model_id: Option<ModelId>,
    /// How it moved.
    pub change: Change,
}

/// How the numbers of a page moved since the period before. They were judged together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(Vec<Compared>);

impl Changes {
    /// How a number of all models, or of one, moved; `None`: it was not compared.
    pub fn get(&self, metric: Metric, model_id: Option<ModelId>) -> Option<&Change> {
        let found = self
            .0
            .iter()
            .find(|compared| compared.metric == metric && compared.model_id == model_id);
        found.map(|compared| &compared.change)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Compared> {
        self.0.iter()
    }

    /// How many numbers were looked at: those with a difference.
    pub fn looked_at(&self) -> usize {
        let has_difference = |compared: &&Compared| compared.change.difference.is_some();
        self.0.iter().filter(has_difference).count()
    }
}

impl FromIterator<Compared> for Changes {
    fn from_iter<I: IntoIterator<Item = Compared>>(compared: I) -> Self {
        Self(compared.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_beyond_what_its_pairs_say_moved_by_the_mix() {
        let paired = Change {
            difference: Some(-0.03),
            interval: Some(Interval {
                low: -0.08,
                high: 0.02,
            }),
            verdict: Verdict::WithinNoise,
            pairs: 50,
            ..Change::default()
        };
        assert!(paired.is_mix(0.67, 0.481));
        assert!(!paired.is_mix(0.67, 0.63));
        let strangers = Change {
            unpaired: 50,
            ..Change::default()
        };
        assert!(strangers.is_mix(0.67, 0.67));
        // Nothing was asked before, or it was another model: no matter of the mix.
        assert!(!Change::default().is_mix(0.0, 0.5));
    }
}
