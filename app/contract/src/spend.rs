//! What things will cost, and what they have cost: forecasts, and spend by day, model and project.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, ProjectId};
use super::money::{Money, Spend};
use super::provider::Provider;
use super::run::SpendKind;

/// A cost that has not happened yet: `low <= expected <= high`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Estimate {
    /// The mean of what may happen.
    pub expected: Money,
    /// The lower end of the 95 % range.
    pub low: Money,
    /// The upper end of the 95 % range.
    pub high: Money,
}

/// What a forecast rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Past answers of this project.
    Project,
    /// Past answers of other projects of the workspace.
    Workspace,
    /// No answers: a wide guess from the limits of an ask.
    Guess,
}

/// Whether a model of a project will be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// It will be asked.
    Ready,
    /// It has no price, and is asked because the workspace allows that.
    ReadyUnpriced,
    /// It has no price, so it is not asked.
    Unpriced,
    /// There is no key for its provider.
    NoKey,
    /// An admin has switched it off.
    Unavailable,
    /// Its provider has taken it away.
    Ended,
}

impl Readiness {
    /// Whether asks are sent.
    pub const fn is_asked(self) -> bool {
        matches!(self, Self::Ready | Self::ReadyUnpriced)
    }
}

/// What a run would ask of one model, and what that will cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ModelForecast {
    /// Id.
    pub id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// Name for people.
    pub name: String,
    /// Whether it will be asked.
    pub readiness: Readiness,
    /// Asks that go to it; 0 where it is not asked.
    pub asks: i64,
    /// What they will cost; `None`: unknown, which is not nothing.
    pub cost: Option<Estimate>,
    /// What the estimate rests on.
    pub basis: Basis,
    /// Past answers that it rests on.
    pub answers: i64,
    /// When its provider took it away; `None`: it has not.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What is left of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Account {
    /// A month.
    pub monthly: Money,
    /// Spent this month.
    pub spent: Money,
    /// Set aside for asks under way.
    pub reserved: Money,
}

impl Account {
    /// What is neither spent nor set aside.
    pub fn free(self) -> Money {
        (self.monthly - self.spent - self.reserved).max(Money::ZERO)
    }

    /// The gravest that is to be said of it; `None`: there is enough, or nothing was spent.
    /// `threshold_percent` is where to warn.
    pub fn alert(self, threshold_percent: i64) -> Option<AlertKind> {
        let reaches = |percent: i64| {
            i128::from(self.spent.nanos()) * 100
                >= i128::from(self.monthly.nanos()) * i128::from(percent)
        };
        match self.spent {
            Money::ZERO => None,
            _ if reaches(100) => Some(AlertKind::End),
            _ => reaches(threshold_percent).then_some(AlertKind::Threshold),
        }
    }
}

/// Whether a budget that is wanted stops all runs, and the present one does not. `None`: there is
/// none, or none is wanted.
pub fn stops_all(present: Option<Money>, wanted: Option<Money>) -> bool {
    wanted == Some(Money::ZERO) && present != wanted
}

/// What one question costs with a model, about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct AskCost {
    /// The model.
    pub model_id: ModelId,
    /// By past answers, else a guess; `None`: it has no price, which is not nothing.
    pub cost: Option<Money>,
}

/// What a run of a project would ask, and what it will cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct RunForecast {
    /// Questions that are asked.
    pub prompts: i64,
    /// The project's models.
    pub models: Vec<ModelForecast>,
    /// What the asks with a known price will cost.
    pub cost: Estimate,
    /// The most that they can cost.
    pub worst_case: Money,
    /// The workspace's budget.
    pub budget: Account,
    /// The project's own budget, where it has one.
    pub project_budget: Option<Account>,
    /// What a judge will cost afterwards, about, if every answer names somebody; `None`: nobody
    /// judges, or at an unknown price.
    pub judge: Option<Money>,
}

impl RunForecast {
    /// Asks in all.
    pub fn asks(&self) -> i64 {
        self.models.iter().map(|model| model.asks).sum()
    }

    /// The budget that has less left.
    pub fn tighter(&self) -> Account {
        match self.project_budget {
            Some(own) if own.free() < self.budget.free() => own,
            _ => self.budget,
        }
    }
}

/// What is said when a budget nears its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Spend has reached the threshold.
    Threshold,
    /// The budget is used up.
    End,
}

/// A budget of this month that has reached its threshold or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetAlert {
    /// The project whose own budget it is, with its name; `None`: the workspace's.
    pub project: Option<(ProjectId, String)>,
    /// What was reached.
    pub kind: AlertKind,
}

/// A month whose spend is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendQuery {
    /// Any day of the month; `None`: this month.
    pub month: Option<NaiveDate>,
}

/// A part of a month's spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendPart {
    /// What it was spent on: a model or a project.
    pub name: String,
    /// The model's provider; `None`: a project.
    pub provider: Option<Provider>,
    /// How much.
    pub spend: Spend,
    /// Entries of the ledger: answers, attempts that were lost, answers that were judged, calls
    /// for suggestions and trials, corrections.
    pub entries: i64,
}

/// What was spent on one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindSpend {
    /// What it was paid for.
    pub kind: SpendKind,
    /// How much.
    pub spend: Spend,
    /// Entries of the ledger.
    pub entries: i64,
}

/// A month's spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendView {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Today, in the workspace's time zone.
    pub today: NaiveDate,
    /// The first month that anything was spent in; `None`: nothing ever was.
    pub first_month: Option<NaiveDate>,
    /// All of it.
    pub total: Spend,
    /// The same by what it was paid for: every kind, in the order of their list.
    pub kinds: Vec<KindSpend>,
    /// By day; days without spend are left out.
    pub days: Vec<(NaiveDate, Spend)>,
    /// By model, the most expensive first.
    pub models: Vec<SpendPart>,
    /// By project, the most expensive first.
    pub projects: Vec<SpendPart>,
    /// What the whole month will cost; `None`: it is another month, or too early to say.
    pub forecast: Option<Estimate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_of_nothing_is_asked_about_once() {
        let (nothing, some) = (Some(Money::ZERO), Some(Money::from_usd(5)));
        assert!(stops_all(some, nothing) && stops_all(None, nothing));
        assert!(!stops_all(nothing, nothing));
        assert!(!stops_all(some, some) && !stops_all(some, None) && !stops_all(nothing, None));
    }

    #[test]
    fn a_budget_warns_at_its_threshold_and_at_its_end() {
        let said = |spent: i64, monthly: i64| {
            let account = Account {
                monthly: Money::from_nanos(monthly),
                spent: Money::from_nanos(spent),
                // What is only set aside is not spent.
                reserved: Money::from_nanos(monthly),
            };
            account.alert(80)
        };
        assert_eq!(said(79, 100), None);
        assert_eq!(said(80, 100), Some(AlertKind::Threshold));
        assert_eq!(said(99, 100), Some(AlertKind::Threshold));
        assert_eq!(said(100, 100), Some(AlertKind::End));
        assert_eq!(said(1, 0), Some(AlertKind::End));
        // Nothing spent of nothing is no news.
        assert_eq!(said(0, 0), None);
        assert_eq!(said(i64::MAX, i64::MAX), Some(AlertKind::End));
    }
}
