//! `/usage` and `/prices`: what was spent on what, and what models cost since when.

use app::api::registry::RegistryPort;
use app::api::spend::SpendPort;
use app::model::ids::{ModelId, PriceId};
use app::model::money::Spend;
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin, PriceView};
use app::model::run::SpendKind;
use app::model::spend::{KindSpend, SpendPart, SpendQuery, SpendView};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{PageParams, Params};
use super::reply::{Reply, Success, Usd, success};
use crate::auth::Need;
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

/// What a month has cost, by day, model and project
#[utoipa::path(
    get,
    path = "/usage",
    operation_id = "show_usage",
    tag = "keys and budget",
    params(("month" = Option<NaiveDate>, Query, description = "Any day of the month; this month where it is missing")),
    responses((status = 200, description = "The month", body = Success<Usage>)),
)]
pub(super) async fn usage(services: Services, mut params: Params) -> Reply<Usage> {
    let month = params.day("month");
    params.done()?;
    Ok(success(services.spend(SpendQuery { month }).await?.into()))
}

/// What a model costs from a moment on. Dollars a million tokens, and a search.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct Price {
    id: PriceId,
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    cost_per_1m_input_tokens: Usd,
    cost_per_1m_output_tokens: Usd,
    cost_per_1m_cached_input_tokens: Option<Usd>,
    cost_per_search: Option<Usd>,
    price_origin: PriceOrigin,
    price_since: DateTime<Utc>,
}

impl Price {
    fn of(model: &ModelView, price: PriceView) -> Self {
        Self {
            id: price.id,
            model_id: model.id,
            llm_provider: model.provider,
            model_display_name: model.display_name.clone(),
            cost_per_1m_input_tokens: Usd(price.input),
            cost_per_1m_output_tokens: Usd(price.output),
            cost_per_1m_cached_input_tokens: price.cached_input.map(Usd),
            cost_per_search: price.search_fee.map(Usd),
            price_origin: price.origin,
            price_since: price.starts_at,
        }
    }
}

/// Dated prices.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Prices {
    /// By model, the newest first.
    prices: Vec<Price>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// Every price that models had and have (admins)
#[utoipa::path(
    get,
    path = "/prices",
    operation_id = "list_prices",
    tag = "models",
    params(
        ("model_id" = Option<ModelId>, Query, description = "Only of this model"),
        ("provider" = Option<Provider>, Query, description = "Only of models of this provider"),
        PageParams,
    ),
    responses((status = 200, description = "By model, the newest first", body = Success<Prices>)),
)]
pub(super) async fn prices(services: Services, mut params: Params) -> Reply<Prices> {
    services.check(Need::Admin)?;
    let model_id: Option<ModelId> = params.number("model_id");
    let provider = params.provider("provider");
    let page = params.page();
    params.done()?;
    let mut prices = Vec::new();
    for model in services
        .list_models()
        .await?
        .into_iter()
        .filter(|model| model_id.is_none_or(|wanted| wanted == model.id))
        .filter(|model| provider.is_none_or(|wanted| wanted == model.provider))
    {
        let history = services.price_history(model.id).await?;
        let entries = history.into_iter().map(|entry| entry.price);
        prices.extend(entries.map(|price| Price::of(&model, price)));
    }
    let total = prices.len();
    let (prices, next_cursor) = page.cut(prices);
    Ok(success(Prices {
        prices,
        total,
        next_cursor,
    }))
}
