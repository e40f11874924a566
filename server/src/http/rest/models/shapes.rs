//! A model of the registry, with its prices, as it is shown.

use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin, PriceTier, PriceView, Review};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::Usd;

/// A model. Prices are dollars; none: unpriced, which is not free.
#[derive(Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    clippy::struct_excessive_bools,
    reason = "the names that programs know"
)]
pub(super) struct Model {
    id: ModelId,
    llm_provider: Provider,
    model_id: String,
    model_display_name: String,
    cost_per_1m_input_tokens: Option<Usd>,
    cost_per_1m_output_tokens: Option<Usd>,
    cost_per_1m_cached_input_tokens: Option<Usd>,
    cost_per_search: Option<Usd>,
    price_origin: Option<PriceOrigin>,
    price_since: Option<DateTime<Utc>>,
    /// What an ask costs as a whole where it reads more tokens than so many.
    price_above: Option<PriceAbove>,
    /// Prices that begin later, the next one first.
    coming_prices: Vec<ComingPrice>,
    /// Upper limit of an answer, in tokens, thoughts included: it is sent with every ask.
    max_tokens: i64,
    /// At most so many asks at the same time.
    max_in_flight: i64,
    web_search: bool,
    is_current: bool,
    /// Whether projects can choose it: an admin lets them, and it has not ended.
    is_available: bool,
    /// Whether its provider has taken it away.
    has_ended: bool,
    /// Whether this workspace has a key for it, or needs none.
    is_usable: bool,
    /// What an admin has said of it: new, approved, rejected.
    review: Review,
    /// When its provider takes it away, where that is known.
    retires_at: Option<DateTime<Utc>>,
}

/// What an ask costs as a whole where it reads more tokens than so many.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(in crate::http::rest) struct PriceAbove {
    input_tokens: i64,
    cost_per_1m_input_tokens: Usd,
    cost_per_1m_output_tokens: Usd,
    cost_per_1m_cached_input_tokens: Option<Usd>,
}

impl PriceAbove {
    fn of(price: &PriceView) -> Option<Self> {
        price.tier.map(Self::from)
    }
}

impl From<PriceTier> for PriceAbove {
    fn from(tier: PriceTier) -> Self {
        Self {
            input_tokens: tier.above_tokens,
            cost_per_1m_input_tokens: Usd(tier.input),
            cost_per_1m_output_tokens: Usd(tier.output),
            cost_per_1m_cached_input_tokens: tier.cached_input.map(Usd),
        }
    }
}

/// A price that has not begun.
#[derive(Serialize, ToSchema)]
struct ComingPrice {
    starts_at: DateTime<Utc>,
    cost_per_1m_input_tokens: Usd,
    cost_per_1m_output_tokens: Usd,
    cost_per_1m_cached_input_tokens: Option<Usd>,
    cost_per_search: Option<Usd>,
    price_above: Option<PriceAbove>,
    price_origin: PriceOrigin,
}

impl From<&PriceView> for ComingPrice {
    fn from(price: &PriceView) -> Self {
        Self {
            starts_at: price.starts_at,
            cost_per_1m_input_tokens: Usd(price.input),
            cost_per_1m_output_tokens: Usd(price.output),
            cost_per_1m_cached_input_tokens: price.cached_input.map(Usd),
            cost_per_search: price.search_fee.map(Usd),
            price_above: PriceAbove::of(price),
            price_origin: price.origin,
        }
    }
}

impl From<ModelView> for Model {
    fn from(view: ModelView) -> Self {
        let price = view.price.as_ref();
        Self {
            is_available: view.is_offered(),
            has_ended: view.has_ended,
            price_above: price.and_then(PriceAbove::of),
            coming_prices: view.coming_prices.iter().map(ComingPrice::from).collect(),
            id: view.id,
            llm_provider: view.provider,
            cost_per_1m_input_tokens: price.map(|price| Usd(price.input)),
            cost_per_1m_output_tokens: price.map(|price| Usd(price.output)),
            cost_per_1m_cached_input_tokens: price.and_then(|price| price.cached_input).map(Usd),
            cost_per_search: price.and_then(|price| price.search_fee).map(Usd),
            price_origin: price.map(|price| price.origin),
            price_since: price.map(|price| price.starts_at),
            model_id: view.model_id,
            model_display_name: view.display_name,
            max_tokens: view.max_tokens,
            max_in_flight: view.max_in_flight,
            web_search: view.web_search,
            is_current: view.is_current,
            is_usable: view.usable,
            review: view.review,
            retires_at: view.retires_at,
        }
    }
}

/// An answer of `PUT /models/{id}`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ModelReply {
    model: Model,
}

impl From<ModelView> for ModelReply {
    fn from(view: ModelView) -> Self {
        Self { model: view.into() }
    }
}

/// What REST calls a field of a model.
pub(super) fn field_name(field: &str) -> String {
    match field {
        "display_name" => "model_display_name",
        "price.input" => "cost_per_1m_input_tokens",
        "price.output" => "cost_per_1m_output_tokens",
        "price.cached_input" => "cost_per_1m_cached_input_tokens",
        "price.search_fee" => "cost_per_search",
        "price.starts_on" => "price_starts_on",
        "price.tier.above_tokens" => "price_above.input_tokens",
        "price.tier.input" => "price_above.cost_per_1m_input_tokens",
        "price.tier.output" => "price_above.cost_per_1m_output_tokens",
        "price.tier.cached_input" => "price_above.cost_per_1m_cached_input_tokens",
        other => other,
    }
    .to_owned()
}
