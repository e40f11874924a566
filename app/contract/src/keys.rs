//! API keys and the budget.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::money::Money;
use super::outcome::ErrorClass;
use super::provider::Provider;
use super::spend::{Account, BudgetAlert};

/// Where a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// Stored for this workspace.
    Stored,
    /// From the host's environment.
    Environment,
    /// There is none.
    Missing,
}

/// A provider's key, as the screen may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Provider.
    pub provider: Provider,
    /// Where it comes from.
    pub source: KeySource,
    /// The last four characters of a stored key.
    pub last_four: Option<String>,
    /// Another address than the provider's own.
    pub base_url: Option<String>,
    /// At most so many asks at the same time; `None`: no limit of its own.
    pub max_in_flight: Option<i64>,
    /// When it was stored.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A key as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDraft {
    /// Provider.
    pub provider: Provider,
    /// The key; `None` keeps the stored one.
    pub api_key: Option<String>,
    /// Another address than the provider's own; empty: the provider's own.
    pub base_url: String,
    /// At most so many asks at the same time; empty: no limit of its own.
    #[serde(default)]
    pub max_in_flight: String,
}

/// What a test of a key found. It asks the provider for its models, which costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTest {
    /// Whether the provider took the key.
    pub accepted: bool,
    /// Models that the provider lists.
    pub models: i64,
    /// Error class where it did not.
    pub error_class: Option<ErrorClass>,
    /// The provider's words.
    pub message: Option<String>,
}

/// The workspace's budget and what is spent of it this month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetView {
    /// A month.
    pub monthly: Money,
    /// Spent since the month began in the workspace's time zone.
    pub spent: Money,
    /// Set aside for asks that are under way; at most this much more is spent for them.
    pub reserved: Money,
    /// Percent of the budget at which to warn.
    pub threshold_percent: i64,
    /// Whether models without a price are asked too, past any budget.
    pub allow_unpriced: bool,
    /// When this month began.
    pub month_started_at: DateTime<Utc>,
    /// Budgets that have reached their threshold or their end this month.
    pub alerts: Vec<BudgetAlert>,
}

impl BudgetView {
    /// What is left; nothing where it is used up.
    pub fn remaining(&self) -> Money {
        (self.monthly - self.spent).max(Money::ZERO)
    }

    /// Whether the budget is used up.
    pub fn is_over(&self) -> bool {
        self.spent >= self.monthly
    }

    /// Whether spend has reached the threshold.
    pub fn is_near(&self) -> bool {
        i128::from(self.spent.nanos()) * 100
            >= i128::from(self.monthly.nanos()) * i128::from(self.threshold_percent)
    }
}

impl From<&BudgetView> for Account {
    fn from(view: &BudgetView) -> Self {
        Self {
            monthly: view.monthly,
            spent: view.spent,
            reserved: view.reserved,
        }
    }
}

/// A budget as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetDraft {
    /// Decimal dollars a month.
    pub monthly: Option<String>,
    /// Percent of the budget at which to warn, 1 to 100.
    pub threshold_percent: Option<i64>,
    /// Whether models without a price are asked too.
    #[serde(default)]
    pub allow_unpriced: Option<bool>,
}
