//! `/budget`: what a month may cost, and what it has cost so far.

use app::api::keys::KeysPort;
use app::model::keys::{BudgetDraft, BudgetView};
use axum::Json;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::body::{AmountText, Body};
use super::reply::{Reply, Success, Usd, success, two_decimals, with_fields};
use crate::services::Services;

/// The budget and its use.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Budget {
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
pub(super) struct BudgetReply {
    configured: bool,
    budget: Budget,
}

/// What may be changed; absent fields stay as they are.
#[derive(Default, Deserialize, ToSchema)]
pub(super) struct BudgetFields {
    pub(super) monthly_budget_usd: Option<AmountText>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 100)]
    pub(super) spending_alert_threshold: Option<Box<RawValue>>,
    #[serde(default)]
    pub(super) allow_unpriced: Option<bool>,
}

impl BudgetFields {
    /// As typed, for the use case to check.
    pub(super) fn draft(self) -> BudgetDraft {
        BudgetDraft {
            monthly: self.monthly_budget_usd.map(|amount| amount.0),
            threshold_percent: self
                .spending_alert_threshold
                .map(|raw| whole_percent(raw.get())),
            allow_unpriced: self.allow_unpriced,
        }
    }
}

/// `80`, `"80"` and `80.0` are 80; anything else is out of range, which the check says.
fn whole_percent(json: &str) -> i64 {
    let text = json.trim_matches('"').trim();
    let whole = text
        .split_once('.')
        .filter(|(_, decimals)| decimals.bytes().all(|digit| digit == b'0'));
    whole.map_or(text, |(whole, _)| whole).parse().unwrap_or(-1)
}

/// The names that REST has for the fields of a budget.
pub(super) fn field_name(field: &str) -> String {
    match field {
        "monthly" => "monthly_budget_usd".to_owned(),
        "threshold_percent" => "spending_alert_threshold".to_owned(),
        other => other.to_owned(),
    }
}

/// The budget and its use
#[utoipa::path(
    get,
    path = "/budget",
    operation_id = "show_budget",
    tag = "keys and budget",
    responses((status = 200, description = "The budget of this month", body = Success<BudgetReply>)),
)]
pub(super) async fn show(services: Services) -> Reply<BudgetReply> {
    Ok(reply(services.budget().await?))
}

/// Changes the budget (owners)
#[utoipa::path(
    put,
    path = "/budget",
    operation_id = "change_budget",
    tag = "keys and budget",
    request_body = BudgetFields,
    responses((status = 200, description = "The budget as it is now", body = Success<BudgetReply>)),
)]
pub(super) async fn change(
    services: Services,
    Body(fields): Body<BudgetFields>,
) -> Reply<BudgetReply> {
    let changed = services.save_budget(fields.draft()).await;
    Ok(reply(
        changed.map_err(|error| with_fields(error, field_name))?,
    ))
}

/// A workspace has a budget from its first moment on.
fn reply(view: BudgetView) -> Json<Success<BudgetReply>> {
    success(BudgetReply {
        configured: true,
        budget: view.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_whole() {
        for (json, percent) in [
            ("80", 80),
            ("\"75\"", 75),
            ("80.0", 80),
            ("80.5", -1),
            ("true", -1),
            ("1e2", -1),
        ] {
            assert_eq!(whole_percent(json), percent, "{json}");
        }
    }
}
