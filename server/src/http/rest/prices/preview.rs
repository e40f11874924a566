//! A file of prices is read: what it would change.

use app::api::prices::PricesPort;
use app::model::ids::{ModelId, PriceId};
use app::model::prices::{Flag, ImportRow, OfferedPrice, PriceFormat, Refusal};
use app::model::provider::Provider;
use axum::extract::{FromRequest, Request};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::HttpState;
use crate::http::bodies::FILE_LIMIT;
use crate::http::problem::Problem;
use crate::http::rest::body::whole;
use crate::http::rest::models::shapes::PriceAbove;
use crate::http::rest::reply::{Reply, Success, Usd, success};
use crate::services::Services;

/// A file of prices, as text. What is no UTF-8 in it is no price.
pub(in crate::http::rest) struct PriceFile(String);

impl FromRequest<HttpState> for PriceFile {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Self::Rejection> {
        let bytes = whole(request, state, FILE_LIMIT).await?;
        Ok(Self(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// Dollars a million tokens, and a search. What is missing in a file stays as it is.
#[derive(Serialize, ToSchema)]
struct Amounts {
    cost_per_1m_input_tokens: Option<Usd>,
    cost_per_1m_output_tokens: Option<Usd>,
    cost_per_1m_cached_input_tokens: Option<Usd>,
    cost_per_search: Option<Usd>,
    price_above: Option<PriceAbove>,
}

impl From<OfferedPrice> for Amounts {
    fn from(price: OfferedPrice) -> Self {
        Self {
            cost_per_1m_input_tokens: price.input.map(Usd),
            cost_per_1m_output_tokens: price.output.map(Usd),
            cost_per_1m_cached_input_tokens: price.cached_input.map(Usd),
            cost_per_search: price.search_fee.map(Usd),
            price_above: price.tier.map(PriceAbove::from),
        }
    }
}

/// A model whose price the file would change.
#[derive(Serialize, ToSchema)]
struct PriceOffer {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    /// What the file calls it.
    file_names: Vec<String>,
    /// The present price row; to be named when the offer is accepted.
    price_id: Option<PriceId>,
    old: Amounts,
    new: Amounts,
    /// What to look at first.
    flags: Vec<Flag>,
    /// Why it cannot be accepted.
    refusal: Option<Refusal>,
}

impl From<ImportRow> for PriceOffer {
    fn from(row: ImportRow) -> Self {
        Self {
            model_id: row.model_id,
            llm_provider: row.provider,
            model_display_name: row.name,
            file_names: row.keys,
            price_id: row.price_id,
            old: row.old.into(),
            new: row.new.into(),
            flags: row.flags,
            refusal: row.refusal,
        }
    }
}

/// What a file would change.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct FilePreview {
    format: PriceFormat,
    /// By provider and name.
    offers: Vec<PriceOffer>,
    /// Models whose price is the same there.
    unchanged: i64,
    /// Entries for models that the registry does not have.
    unknown: i64,
}

/// Reads a file of prices, and says what it would change (admins)
///
/// Of genai-prices, litellm, models.dev, llm-prices or OpenRouter, or of our own form. Nothing is
/// written.
#[utoipa::path(
    post,
    path = "/prices/import",
    operation_id = "preview_prices",
    tag = "models",
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, description = "What the file would change", body = Success<FilePreview>)),
)]
pub(in crate::http::rest) async fn preview(
    services: Services,
    PriceFile(text): PriceFile,
) -> Reply<FilePreview> {
    let preview = services.preview_prices(text).await?;
    Ok(success(FilePreview {
        format: preview.format,
        offers: preview.rows.into_iter().map(PriceOffer::from).collect(),
        unchanged: preview.unchanged,
        unknown: preview.unknown,
    }))
}
