//! The providers of a project side by side, day by day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::dashboard::{Ends, Figures};
use super::ids::{ModelId, ProjectId};
use super::metrics::{Metric, SnapshotSums, ToneSums};
use super::provider::Provider;

/// Which days to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonQuery {
    /// The project.
    pub project_id: ProjectId,
    /// First day, in the workspace's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Only what the simulator made up.
    #[serde(default)]
    pub simulated: bool,
}

/// The providers side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Comparison {
    /// Day by day, the first first.
    pub days: Vec<ProviderDay>,
    /// By each number that providers are compared by: the best and the worst over the period.
    pub ends: Vec<(Metric, Ends<Provider>)>,
    /// The simulator's models that answered in this project and are left out, because real
    /// ones did too.
    pub left_out: Vec<ModelId>,
}

impl Comparison {
    /// The best and the worst provider by a number over the period.
    pub fn ends(&self, metric: Metric) -> Ends<Provider> {
        let found = self.ends.iter().find(|(known, _)| *known == metric);
        found.map(|(_, ends)| *ends).unwrap_or_default()
    }
}

/// One provider on one day, its models pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ProviderDay {
    /// The provider.
    pub provider: Provider,
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// What its answers say.
    pub sums: ProviderSums,
}

/// What the answers of a provider say, as far as providers are compared by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ProviderSums {
    /// Answers without error.
    pub answers: i64,
    /// Answers that mention the brand.
    pub mentions: i64,
    /// Those of them that belong to prompts that do not name the brand.
    pub plain_mentions: i64,
    /// Mentions of competitors in answers to such prompts.
    pub plain_competitor_mentions: i64,
    /// Ranks of the brand, added up.
    pub rank_sum: i64,
    /// Answers that rank the brand.
    pub rank_count: i64,
    /// Answers that speak well of it, by a judge.
    pub positive: i64,
    /// Answers that do neither, by a judge.
    pub neutral: i64,
    /// Answers that speak ill of it, by a judge.
    pub negative: i64,
    /// Answers that the simulator made up.
    pub simulated: i64,
}

impl ProviderSums {
    /// The same as the sums that all numbers follow from, so that each is counted in one way.
    /// What is not compared is nothing there; intervals are not known.
    pub fn figures(&self) -> Figures {
        let all = SnapshotSums {
            answers: self.answers,
            mentions: self.mentions,
            rank_sum: self.rank_sum,
            rank_count: self.rank_count,
            simulated: self.simulated,
            judged: ToneSums {
                positive: self.positive,
                neutral: self.neutral,
                negative: self.negative,
                ..ToneSums::default()
            },
            ..SnapshotSums::default()
        };
        let plain = SnapshotSums {
            mentions: self.plain_mentions,
            competitor_mentions: self.plain_competitor_mentions,
            ..SnapshotSums::default()
        };
        Figures {
            all,
            plain,
            ..Figures::default()
        }
    }
}
