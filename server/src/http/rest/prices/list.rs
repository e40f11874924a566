//! What models cost since when.

use app::api::registry::RegistryPort;
use app::model::ids::{ModelId, PriceId};
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin, PriceView};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Need;
use crate::http::rest::params::{Page, Params, parameters};
use crate::http::rest::reply::{Reply, Success, Usd, success};
use crate::services::Services;

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
pub(in crate::http::rest) struct Prices {
    /// By model, the newest first.
    prices: Vec<Price>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

parameters! {
    /// Which prices.
    pub(in crate::http::rest) struct PriceParams {
        /// Only of this model
        model_id: Option<ModelId>,
        /// Only of models of this provider
        provider: Option<Provider>,
    }
}

/// Every price that models had and have (admins)
#[utoipa::path(
    get,
    path = "/prices",
    operation_id = "list_prices",
    tag = "models",
    params(
        PriceParams,
        Page,
    ),
    responses((status = 200, description = "By model, the newest first", body = Success<Prices>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<(PriceParams, Page)>,
) -> Reply<Prices> {
    services.check(Need::Admin)?;
    let (of, page) = params.done()?;
    let mut prices = Vec::new();
    for model in services
        .list_models()
        .await?
        .into_iter()
        .filter(|model| of.model_id.is_none_or(|wanted| wanted == model.id))
        .filter(|model| of.provider.is_none_or(|wanted| wanted == model.provider))
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
