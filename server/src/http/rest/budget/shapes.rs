//! The budget and its use, as it is shown.

use app::model::keys::BudgetView;
use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::{Success, Usd, success, two_decimals};

/// The budget and its use.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(in crate::http::rest) struct Budget {
    monthly_budget_usd: Usd,
    current_month_spend: Usd,
    remaining: Usd,
    /// Percent of the budget at which to warn.
    spending_alert_threshold: i64,
    /// Nothing where the budget is nothing.
    percentage_used: Option<f64>,
    is_over_budget: bool,
    is_near_limit: bool,
    /// Set aside for asks that are under way.
    reserved: Usd,
    /// Whether models without a price are asked too.
    allow_unpriced: bool,
    /// When this month began.
    last_spend_reset: DateTime<Utc>,
}

impl From<BudgetView> for Budget {
    fn from(view: BudgetView) -> Self {
        Self {
            monthly_budget_usd: Usd(view.monthly),
            current_month_spend: Usd(view.spent),
            remaining: Usd(view.remaining()),
            spending_alert_threshold: view.threshold_percent,
            percentage_used: view.spent.percent_of(view.monthly).map(two_decimals),
            is_over_budget: view.is_over(),
            is_near_limit: view.is_near(),
            reserved: Usd(view.reserved),
            allow_unpriced: view.allow_unpriced,
            last_spend_reset: view.month_started_at,
        }
    }
}

/// An answer of `/budget`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct BudgetReply {
    configured: bool,
    budget: Budget,
}

/// A workspace has a budget from its first moment on.
pub(super) fn reply(view: BudgetView) -> Json<Success<BudgetReply>> {
    success(BudgetReply {
        configured: true,
        budget: view.into(),
    })
}
