//! Which model answered, where it is not the one that was asked.

use chrono::NaiveDate;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::ModelId;

/// A place in the series of a model where another one began to answer: what is on both sides
/// of it is not compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Seam {
    /// The row of the registry that is asked.
    pub model_id: ModelId,
    /// The first day of the new stretch, in the workspace's time zone.
    pub day: NaiveDate,
    /// The model that was asked, as the provider names it.
    pub asked: String,
    /// The model that answers from then on, as the provider names it.
    pub served: String,
}
