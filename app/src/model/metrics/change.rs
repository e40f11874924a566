//! How a number moved between two periods: what travels; the host computes it.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::{Interval, Ratio};

/// Whether a number moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval of the difference excludes 0.
    Change,
    /// It does not, or there is too little for an interval.
    WithinNoise,
    /// No prompt and model have both periods.
    #[default]
    NoData,
}

/// The difference between two periods, over the pairs of prompt and model that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Change {
    /// The first period, over the pairs.
    pub before: Ratio,
    /// The second period, over the pairs.
    pub after: Ratio,
    /// Second less first, in the unit of the number itself (0.05: five points of a share).
    pub difference: Option<f64>,
    /// 95 % interval of the difference.
    pub interval: Option<Interval>,
    /// What may be said.
    pub verdict: Verdict,
    /// Pairs of prompt and model that both periods have.
    pub pairs: i64,
    /// Pairs that only one of them has: left out.
    pub unpaired: i64,
}
