//! `/models`: the registry.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::{ModelChange, ModelView, PriceDraft, PriceOrigin, Review};
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
    max_tokens: i64,
    /// At most so many asks at the same time.
    max_in_flight: i64,
    web_search: bool,
    is_current: bool,
    is_available: bool,
    /// Whether this workspace has a key for it, or needs none.
    is_usable: bool,
    /// What an admin has said of it: new, approved, rejected.
    review: Review,
    /// When its provider takes it away, where that is known.
    retires_at: Option<DateTime<Utc>>,
}

impl From<ModelView> for Model {
    fn from(view: ModelView) -> Self {
        let price = view.price.as_ref();
        Self {
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
            is_available: view.is_available,
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
    max_tokens: Option<i64>,
    max_in_flight: Option<i64>,
    web_search: Option<bool>,
    is_current: Option<bool>,
    is_available: Option<bool>,
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
