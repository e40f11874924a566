//! `/prices/import`, `POST /prices` and `/models/{id}/recompute`: prices from a file, row by row,
//! and what past answers would have cost at today's. For admins.

use app::api::error::{ApiError, FieldError};
use app::api::prices::PricesPort;
use app::model::ids::{ModelId, PriceId};
use app::model::money::Money;
use app::model::prices::{
    Flag, ImportChoice, ImportRow, OfferedPrice, PriceFormat, Recomputed, Refusal,
};
use app::model::provider::Provider;
use app::model::registry::PriceTier;
use app::texts::errors;
use axum::extract::{FromRequest, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{AmountText, Body, whole};
use super::models::PriceAbove;
use super::params::{Params, PeriodParams};
use super::reply::{Reply, Success, Usd, success, with_fields};
use crate::http::HttpState;
use crate::http::bodies::FILE_LIMIT;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;

/// A file of prices, as text. What is no UTF-8 in it is no price.
pub(super) struct PriceFile(String);

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
pub(super) struct FilePreview {
    format: PriceFormat,
    /// By provider and name.
    offers: Vec<PriceOffer>,
    /// Models whose price is the same there.
    unchanged: i64,
    /// Entries for models that the registry does not have.
    unknown: i64,
}

/// A price that is accepted.
#[derive(Deserialize, ToSchema)]
struct Accepted {
    model_id: ModelId,
    /// The row that the offer named as the present one; where another one holds meanwhile,
    /// nothing is written.
    price_id: Option<PriceId>,
    cost_per_1m_input_tokens: Option<AmountText>,
    cost_per_1m_output_tokens: Option<AmountText>,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
    cost_per_search: Option<AmountText>,
    /// Left out: long asks cost what they do.
    price_above: Option<AcceptedAbove>,
}

/// What long asks cost instead, as it is accepted.
#[derive(Deserialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct AcceptedAbove {
    /// Tokens read; an ask of exactly so many is below.
    input_tokens: i64,
    cost_per_1m_input_tokens: AmountText,
    cost_per_1m_output_tokens: AmountText,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
}

/// Prices that are accepted, all or none.
#[derive(Deserialize, ToSchema)]
pub(super) struct PriceChoices {
    prices: Vec<Accepted>,
}

/// Prices were written.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    written: i64,
}

/// What past answers of a model cost, and what they would cost at the prices of their time as
/// they stand in the book now.
#[derive(Serialize, ToSchema)]
pub(super) struct Recomputation {
    model_id: ModelId,
    /// Answers that were computed from their tokens.
    answers: i64,
    /// Answers that stay as they are.
    kept: i64,
    booked_usd: Usd,
    computed_usd: Usd,
    difference_usd: Usd,
}

impl Recomputation {
    fn of(model_id: ModelId, found: Recomputed) -> Self {
        Self {
            model_id,
            answers: found.answers,
            kept: found.kept,
            booked_usd: Usd(found.booked),
            computed_usd: Usd(found.computed),
            difference_usd: Usd(found.difference()),
        }
    }
}

/// The difference that was shown, to be booked.
#[derive(Deserialize, ToSchema)]
pub(super) struct Booking {
    difference_usd: AmountText,
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
pub(super) async fn preview(services: Services, PriceFile(text): PriceFile) -> Reply<FilePreview> {
    let preview = services.preview_prices(text).await?;
    Ok(success(FilePreview {
        format: preview.format,
        offers: preview.rows.into_iter().map(PriceOffer::from).collect(),
        unchanged: preview.unchanged,
        unknown: preview.unknown,
    }))
}

/// Writes prices that were offered, all or none (admins)
///
/// They begin now; past costs stay.
#[utoipa::path(
    post,
    path = "/prices",
    operation_id = "accept_prices",
    tag = "models",
    request_body = PriceChoices,
    responses((status = 200, description = "How many were written", body = Success<Written>)),
)]
pub(super) async fn accept(services: Services, Body(fields): Body<PriceChoices>) -> Reply<Written> {
    let choices = fields
        .prices
        .into_iter()
        .map(|accepted| choice(&services, accepted))
        .collect::<Result<Vec<_>, Problem>>()?;
    let written = services.accept_prices(choices).await;
    let written = written.map_err(|error| with_fields(error, |_| "prices".to_owned()))?;
    Ok(success(Written { written }))
}

/// What past answers of a model would cost at the prices of the book (admins)
#[utoipa::path(
    get,
    path = "/models/{id}/recompute",
    operation_id = "show_recomputed",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model"), PeriodParams),
    responses((status = 200, description = "The difference; nothing is written", body = Success<Recomputation>)),
)]
pub(super) async fn recompute(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    mut params: Params,
) -> Reply<Recomputation> {
    let period = params.period(services.today()?);
    params.done()?;
    let found = services.recompute(model_id, period.from, period.to).await;
    let found = found.map_err(|error| with_fields(error, period_field))?;
    Ok(success(Recomputation::of(model_id, found)))
}

/// Books the difference, if it still is the one that was shown (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/recompute",
    operation_id = "book_recomputed",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model"), PeriodParams),
    request_body = Booking,
    responses((status = 200, description = "What is booked now", body = Success<Recomputation>)),
)]
pub(super) async fn book(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    mut params: Params,
    Body(booking): Body<Booking>,
) -> Reply<Recomputation> {
    let period = params.period(services.today()?);
    params.done()?;
    let difference = money(&services, "difference_usd", &booking.difference_usd)?;
    let booked = services
        .book_recomputed(model_id, period.from, period.to, difference)
        .await;
    let booked = booked.map_err(|error| with_fields(error, period_field))?;
    Ok(success(Recomputation::of(model_id, booked)))
}

fn choice(services: &Services, accepted: Accepted) -> Result<ImportChoice, Problem> {
    let amount = |typed: &Option<AmountText>| {
        typed
            .as_ref()
            .map(|typed| money(services, "prices", typed))
            .transpose()
    };
    let tier = |above: AcceptedAbove| -> Result<PriceTier, Problem> {
        Ok(PriceTier {
            above_tokens: above.input_tokens,
            input: money(services, "prices", &above.cost_per_1m_input_tokens)?,
            output: money(services, "prices", &above.cost_per_1m_output_tokens)?,
            cached_input: amount(&above.cost_per_1m_cached_input_tokens)?,
        })
    };
    Ok(ImportChoice {
        model_id: accepted.model_id,
        price_id: accepted.price_id,
        price: OfferedPrice {
            input: amount(&accepted.cost_per_1m_input_tokens)?,
            output: amount(&accepted.cost_per_1m_output_tokens)?,
            cached_input: amount(&accepted.cost_per_1m_cached_input_tokens)?,
            search_fee: amount(&accepted.cost_per_search)?,
            tier: accepted.price_above.map(tier).transpose()?,
        },
    })
}

fn money(services: &Services, field: &str, typed: &AmountText) -> Result<Money, Problem> {
    typed.0.parse().map_err(|_| {
        let language = services.language();
        let message = errors::AMOUNT.get(language).to_owned();
        let field = field.to_owned();
        Problem(ApiError::invalid(
            language,
            vec![FieldError { field, message }],
        ))
    })
}

fn period_field(field: &str) -> String {
    match field {
        "from" => "start_date",
        "to" => "end_date",
        other => other,
    }
    .to_owned()
}
