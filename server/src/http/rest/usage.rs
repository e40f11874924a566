//! `/usage`: what a month has cost, by day, model and project.

use app::api::spend::SpendPort;
use app::model::money::Spend;
use app::model::provider::Provider;
use app::model::run::SpendKind;
use app::model::spend::{KindSpend, SpendPart, SpendQuery, SpendView};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{Params, parameters};
use super::reply::{Reply, Success, Usd, success};
use crate::services::Services;

/// A day's spend.
#[derive(Serialize, ToSchema)]
struct DaySpend {
    date: NaiveDate,
    cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
}

/// What was spent on a model or a project.
#[derive(Serialize, ToSchema)]
struct PartSpend {
    name: String,
    /// The model's; nothing for a project.
    llm_provider: Option<Provider>,
    cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// Entries of the ledger.
    entries: i64,
}

/// What was spent on one kind of thing.
#[derive(Serialize, ToSchema)]
struct KindOfSpend {
    kind: SpendKind,
    cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// Entries of the ledger.
    entries: i64,
}

impl From<KindSpend> for KindOfSpend {
    fn from(part: KindSpend) -> Self {
        Self {
            kind: part.kind,
            cost_usd: Usd(part.spend.amount),
            cost_is_at_least: part.spend.is_at_least,
            entries: part.entries,
        }
    }
}

impl From<SpendPart> for PartSpend {
    fn from(part: SpendPart) -> Self {
        Self {
            name: part.name,
            llm_provider: part.provider,
            cost_usd: Usd(part.spend.amount),
            cost_is_at_least: part.spend.is_at_least,
            entries: part.entries,
        }
    }
}

/// What a month will cost, with 95 % certainty.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct MonthForecast {
    expected_usd: Usd,
    low_usd: Usd,
    high_usd: Usd,
}

/// A month's spend.
#[derive(Serialize, ToSchema)]
pub(super) struct Usage {
    /// The first day of the month.
    month: NaiveDate,
    /// The ledger: the sum of `by_kind`, of `by_day`, and of the whole lists of models and projects.
    total_cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// By what it was paid for: every kind, with or without an entry. They add up to the total.
    by_kind: Vec<KindOfSpend>,
    /// Days without spend are left out.
    by_day: Vec<DaySpend>,
    /// The most expensive first, at most a hundred.
    by_model: Vec<PartSpend>,
    /// The most expensive first, at most a hundred.
    by_project: Vec<PartSpend>,
    /// Nothing: it is another month, or too early to say.
    forecast: Option<MonthForecast>,
}

impl From<SpendView> for Usage {
    fn from(view: SpendView) -> Self {
        let day = |(date, spend): (NaiveDate, Spend)| DaySpend {
            date,
            cost_usd: Usd(spend.amount),
            cost_is_at_least: spend.is_at_least,
        };
        Self {
            month: view.month,
            total_cost_usd: Usd(view.total.amount),
            cost_is_at_least: view.total.is_at_least,
            by_kind: view.kinds.into_iter().map(KindOfSpend::from).collect(),
            by_day: view.days.into_iter().map(day).collect(),
            by_model: view.models.into_iter().map(PartSpend::from).collect(),
            by_project: view.projects.into_iter().map(PartSpend::from).collect(),
            forecast: view.forecast.map(|estimate| MonthForecast {
                expected_usd: Usd(estimate.expected),
                low_usd: Usd(estimate.low),
                high_usd: Usd(estimate.high),
            }),
        }
    }
}

parameters! {
    /// Which month.
    pub(super) struct UsageParams {
        /// Any day of the month; this month where it is missing
        month: Option<NaiveDate>,
    }
}

/// What a month has cost, by day, model and project
#[utoipa::path(
    get,
    path = "/usage",
    operation_id = "show_usage",
    tag = "keys and budget",
    params(UsageParams),
    responses((status = 200, description = "The month", body = Success<Usage>)),
)]
pub(super) async fn show(services: Services, params: Params<UsageParams>) -> Reply<Usage> {
    let month = params.done()?.month;
    Ok(success(services.spend(SpendQuery { month }).await?.into()))
}
