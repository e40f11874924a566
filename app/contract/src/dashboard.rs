//! What the project page shows: sums over answers, from which ratios and intervals follow.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{EntityId, ModelId, ProjectId, PromptId};
use super::metrics::{
    Changes, Grade, Grades, Interval, Intervals, MentionSums, Metric, Ratio, SnapshotSums,
    share_of_voice,
};
use super::provider::Provider;
use super::served::Seam;
use crate::words;

words! {
    /// The earlier period that a period is compared with.
    #[derive(Default)]
    ComparedWith {
        /// As many days, which end on the day before the first.
        #[default]
        DaysBefore = "before",
        /// The same days of the year before.
        YearBefore = "year",
        /// None.
        Nothing = "none",
    }
}

impl ComparedWith {
    /// First and last day of the earlier period. `None`: nothing is compared, or the two periods
    /// would have days in common.
    pub fn earlier(self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = match self {
            Self::Nothing => return None,
            Self::DaysBefore => {
                let last = from.pred_opt()?;
                (last.checked_sub_signed(to - from)?, last)
            }
            Self::YearBefore => {
                let year = Months::new(12);
                (from.checked_sub_months(year)?, to.checked_sub_months(year)?)
            }
        };
        (last < from).then_some((first, last))
    }
}

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
    /// What they are compared with.
    #[serde(default)]
    pub compare: ComparedWith,
    /// Only answers to prompts that have one of these tags now; empty: to all.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl DashboardQuery {
    /// First and last day of the earlier period; `None`: nothing is compared.
    pub fn earlier(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.compare.earlier(self.from, self.to)
    }
}

/// Sums of a project and period.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Dashboard {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Over all models of the filter.
    pub total: Figures,
    /// The same over the earlier period, without intervals; nothing where there is none.
    pub previous: Figures,
    /// How the numbers moved since the earlier period, over prompts and models that both have;
    /// empty where there is none.
    pub changes: Changes,
    /// One a model, by provider and name.
    pub models: Vec<ModelSums>,
    /// Which of them name the brand most and least often, beyond noise.
    pub ends: Ends<ModelId>,
    /// All models of the filter together, day by day, the first first; days without answers are
    /// left out.
    pub days: Vec<DaySums>,
    /// Where other models began to answer, in both periods.
    pub seams: Vec<Seam>,
    /// One an entity, the brand first, then by mentions.
    pub entities: Vec<EntitySums>,
    /// Prompts that these answers belong to.
    pub prompts: i64,
    /// Stored answers are being read again with changed entities: what is shown is from before.
    pub rereading: Option<Rereading>,
    /// Whether any of these answers was made up by the simulator.
    pub simulated: bool,
    /// The simulator's models that answered in this project and are left out, because real
    /// ones did too.
    pub left_out: Vec<ModelId>,
    /// First and last day of the earlier period; `None`: nothing is compared.
    pub earlier: Option<(NaiveDate, NaiveDate)>,
}

/// The best and the worst of several, each only where the others are apart from it beyond noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends<T> {
    /// Better than all others.
    pub best: Option<T>,
    /// Worse than all others.
    pub worst: Option<T>,
}

impl<T> Default for Ends<T> {
    fn default() -> Self {
        Self {
            best: None,
            worst: None,
        }
    }
}

/// Numbers over some answers, with their intervals and what they are worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Figures {
    /// Over all prompts.
    pub all: SnapshotSums,
    /// Over prompts that do not name the brand.
    pub plain: SnapshotSums,
    /// 95 % intervals, with prompts as clusters.
    pub intervals: Intervals,
    /// What the numbers are worth.
    pub grades: Grades,
}

impl Figures {
    /// The sums that a number is made of. What is compared with other brands is counted over
    /// prompts that do not name the brand: those that do are answered with it.
    pub const fn sums(&self, metric: Metric) -> &SnapshotSums {
        if metric.is_plain() {
            &self.plain
        } else {
            &self.all
        }
    }

    /// The number.
    pub const fn ratio(&self, metric: Metric) -> Ratio {
        metric.ratio(self.sums(metric))
    }

    /// Over how many answers, mentions or ranks it is.
    pub const fn n(&self, metric: Metric) -> i64 {
        metric.n(self.sums(metric))
    }

    /// How many answers it rests on.
    pub const fn answers(&self, metric: Metric) -> i64 {
        metric.answers(self.sums(metric))
    }

    /// What it is worth; `None`: no data, or it was not graded.
    pub fn grade(&self, metric: Metric) -> Option<Grade> {
        self.grades.get(metric)
    }

    /// Share of voice over prompts that name the brand, shown apart.
    pub const fn branded_share_of_voice(&self) -> Ratio {
        let (all, plain) = (self.all.share_of_voice(), self.plain.share_of_voice());
        Ratio::new(
            all.numerator - plain.numerator,
            all.denominator - plain.denominator,
        )
    }
}

/// Sums of one model.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ModelSums {
    /// Model.
    pub model_id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// Name for people.
    pub model_name: String,
    /// Over the period.
    pub total: Figures,
    /// Day by day, the first first; days without answers are left out.
    pub days: Vec<DaySums>,
}

/// Sums of one day.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct DaySums {
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// Sums.
    pub sums: SnapshotSums,
    /// The 95 % intervals that were made with them.
    pub intervals: Intervals,
}

/// How far a re-analysis has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Rereading {
    /// Answers that were read again.
    pub done: i64,
    /// Answers that are to be read again.
    pub total: i64,
}

/// Mentions of one entity.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct EntitySums {
    /// Entity.
    pub entity_id: EntityId,
    /// Name.
    pub name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// What answers say of it.
    pub sums: MentionSums,
    /// Answers to prompts that do not name the brand, and name this entity.
    pub plain_mentions: i64,
    /// The 95 % interval of its share of all those mentions, with prompts as clusters.
    pub share: Option<Interval>,
}

/// Each entity with its share of voice: its part of all mentions in answers to prompts that do not
/// name the brand.
pub fn with_share_of_voice(entities: &[EntitySums]) -> impl Iterator<Item = (&EntitySums, Ratio)> {
    let all: i64 = entities.iter().map(|entity| entity.plain_mentions).sum();
    let entities = entities.iter();
    entities.map(move |entity| (entity, share_of_voice(entity.plain_mentions, all)))
}

/// Visibility by prompt and model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct PromptMap {
    /// The models, in the order of the cells.
    pub models: Vec<ModelId>,
    /// The prompts that have answers, those that name the brand least often first.
    pub prompts: Vec<PromptCells>,
    /// How many prompts have answers; more than are listed where there are very many.
    pub total: i64,
}

/// One prompt of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct PromptCells {
    /// Prompt.
    pub prompt_id: PromptId,
    /// The question.
    pub text: String,
    /// Whether it names the brand itself.
    pub is_branded: bool,
    /// Answers that mention the brand out of all, one a model.
    pub cells: Vec<Ratio>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn earlier(with: ComparedWith, from: &str, to: &str) -> Option<(NaiveDate, NaiveDate)> {
        with.earlier(day(from), day(to))
    }

    #[test]
    fn a_period_is_compared_with_the_days_or_the_year_before() {
        let days = earlier(ComparedWith::DaysBefore, "2026-03-01", "2026-03-30");
        assert_eq!(days, Some((day("2026-01-30"), day("2026-02-28"))));
        let year = earlier(ComparedWith::YearBefore, "2028-02-29", "2028-03-01");
        assert_eq!(year, Some((day("2027-02-28"), day("2027-03-01"))));
        let nothing = earlier(ComparedWith::Nothing, "2026-03-01", "2026-03-30");
        assert_eq!(nothing, None);
    }

    #[test]
    fn no_day_is_in_both_periods() {
        let year = |to| earlier(ComparedWith::YearBefore, "2026-01-01", to);
        let whole = Some((day("2025-01-01"), day("2025-12-31")));
        assert_eq!(year("2026-12-31"), whole);
        assert_eq!(year("2027-01-01"), None);
        let first = NaiveDate::MIN;
        assert_eq!(ComparedWith::DaysBefore.earlier(first, first), None);
    }
}
