//! `/models`: the registry.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::{
    ModelChange, ModelView, PriceDraft, PriceOrigin, PriceTier, PriceView, Review, TierDraft,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{AmountText, Body};
use super::params::{PageParams, Params};
use super::reply::{Reply, Success, Usd, success, with_fields};
use crate::http::path::Ids;
use crate::services::Services;

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
pub(super) struct PriceAbove {
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

/// An answer of `GET /models`.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelList {
    models: Vec<Model>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// An answer of `PUT /models/{id}`.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelReply {
    model: Model,
}

impl From<ModelView> for ModelReply {
    fn from(view: ModelView) -> Self {
        Self { model: view.into() }
    }
}

/// What may be changed; absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
pub(super) struct ModelFields {
    model_display_name: Option<String>,
    cost_per_1m_input_tokens: Option<AmountText>,
    cost_per_1m_output_tokens: Option<AmountText>,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
    cost_per_search: Option<AmountText>,
    /// The day on which the price begins, at 0:00 UTC; today, or absent: the moment of saving. It
    /// holds for what is asked from then on, in runs under way too.
    price_starts_on: Option<String>,
    /// What an ask costs as a whole where it reads more tokens than so many; nothing of it
    /// changes where it is missing.
    price_above: Option<PriceAboveFields>,
    /// Upper limit of an answer, in tokens, thoughts included.
    max_tokens: Option<i64>,
    max_in_flight: Option<i64>,
    web_search: Option<bool>,
    is_current: Option<bool>,
    is_available: Option<bool>,
}

/// The price of long asks; absent fields stay as they are.
#[expect(
    clippy::struct_field_names,
    reason = "fields are named as REST names those of a model"
)]
#[derive(Deserialize, ToSchema)]
pub(super) struct PriceAboveFields {
    /// Tokens read; 0: long asks cost as others do.
    input_tokens: Option<i64>,
    cost_per_1m_input_tokens: Option<AmountText>,
    cost_per_1m_output_tokens: Option<AmountText>,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
}

impl PriceAboveFields {
    fn draft(self) -> TierDraft {
        let text = |amount: Option<AmountText>| amount.map(|amount| amount.0);
        let above_tokens = self.input_tokens.map(|tokens| match tokens {
            0 => String::new(),
            tokens => tokens.to_string(),
        });
        TierDraft {
            above_tokens,
            input: text(self.cost_per_1m_input_tokens),
            output: text(self.cost_per_1m_output_tokens),
            cached_input: text(self.cost_per_1m_cached_input_tokens),
        }
    }
}

impl ModelFields {
    fn change(self) -> ModelChange {
        let text = |amount: Option<AmountText>| amount.map(|amount| amount.0);
        let price = PriceDraft {
            input: text(self.cost_per_1m_input_tokens),
            output: text(self.cost_per_1m_output_tokens),
            cached_input: text(self.cost_per_1m_cached_input_tokens),
            search_fee: text(self.cost_per_search),
            starts_on: self.price_starts_on,
            tier: self
                .price_above
                .map(PriceAboveFields::draft)
                .unwrap_or_default(),
        };
        ModelChange {
            display_name: self.model_display_name,
            web_search: self.web_search,
            is_current: self.is_current,
            is_available: self.is_available,
            max_tokens: self.max_tokens,
            max_in_flight: self.max_in_flight,
            price: (price != PriceDraft::default()).then_some(price),
        }
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

/// The registry of models
#[utoipa::path(
    get,
    path = "/models",
    operation_id = "list_models",
    tag = "models",
    params(
        ("provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("is_current" = Option<bool>, Query, description = "Only models that a provider's name stands for, or only the others"),
        PageParams,
    ),
    responses((status = 200, description = "A page of models", body = Success<ModelList>)),
)]
pub(super) async fn list(services: Services, mut params: Params) -> Reply<ModelList> {
    let provider = params.provider("provider");
    let is_current = params.flag("is_current");
    let page = params.page();
    params.done()?;
    let models: Vec<Model> = services
        .list_models()
        .await?
        .into_iter()
        .filter(|model| provider.is_none_or(|provider| model.provider == provider))
        .filter(|model| is_current.is_none_or(|is_current| model.is_current == is_current))
        .map(Model::from)
        .collect();
    let total = models.len();
    let (models, next_cursor) = page.cut(models);
    Ok(success(ModelList {
        models,
        total,
        next_cursor,
    }))
}

/// Changes a model (admins)
///
/// A new price holds for what is asked from now on, in runs under way too; past costs stay.
#[utoipa::path(
    put,
    path = "/models/{id}",
    operation_id = "change_model",
    tag = "models",
    params(
        ("id" = ModelId, Path, description = "Model"),
    ),
    request_body = ModelFields,
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(super) async fn change(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    Body(fields): Body<ModelFields>,
) -> Reply<ModelReply> {
    let changed = services.change_model(model_id, fields.change()).await;
    let model = changed.map_err(|error| with_fields(error, field_name))?;
    Ok(success(model.into()))
}
