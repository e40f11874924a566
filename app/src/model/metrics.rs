//! placeholder
use serde::{Deserialize, Serialize};
/// r
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio { /// n
 pub numerator: i64, /// d
 pub denominator: i64 }
/// s
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSums { /// a
 pub answers: i64 }
