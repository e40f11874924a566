//! What the project page shows: sums over answers, from which ratios and intervals follow.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{EntityId, ModelId, ProjectId};
use super::metrics::SnapshotSums;
use super::provider::Provider;

/// Which answers to sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardQuery {
    /// The project.
    pub project_id: ProjectId,
    /// First day, in the workspace's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Only these models; empty: all.
    #[serde(default)]
    pub model_ids: Vec<ModelId>,
}

/// Sums of a project and period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Over all models of the filter.
    pub total: SnapshotSums,
    /// The same over the period of equal length before.
    pub previous: SnapshotSums,
    /// One a model, by provider and name.
    pub models: Vec<ModelSums>,
    /// One an entity, the brand first, then by mentions.
    pub entities: Vec<EntitySums>,
    /// Active prompts that these answers belong to.
    pub prompts: i64,
    /// Whether any of these answers was made up by the simulator.
    pub simulated: bool,
}

/// Sums of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSums {
    /// Model.
    pub model_id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// Name for people.
    pub model_name: String,
    /// Over the period.
    pub total: SnapshotSums,
    /// Day by day, the first first; days without answers are left out.
    pub days: Vec<DaySums>,
}

/// Sums of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DaySums {
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// Sums.
    pub sums: SnapshotSums,
}

/// Mentions of one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySums {
    /// Entity.
    pub entity_id: EntityId,
    /// Name.
    pub name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// Answers that name it.
    pub mentions: i64,
    /// The same, each weighted by its rank, in tenths.
    pub weight_tenths: i64,
    /// Sum of its ranks.
    pub rank_sum: i64,
    /// Answers that rank it.
    pub rank_count: i64,
}
