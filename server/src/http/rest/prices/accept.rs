//! Prices that were offered are written.

use app::api::prices::PricesPort;
use app::model::ids::{ModelId, PriceId};
use app::model::prices::{ImportChoice, OfferedPrice};
use app::model::registry::PriceTier;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::money;
use crate::http::problem::Problem;
use crate::http::rest::body::{AmountText, Body};
use crate::http::rest::reply::{Reply, Success, success, with_fields};
use crate::services::Services;

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
pub(in crate::http::rest) struct PriceChoices {
    prices: Vec<Accepted>,
}

/// Prices were written.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Written {
    written: i64,
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
pub(in crate::http::rest) async fn accept(
    services: Services,
    Body(fields): Body<PriceChoices>,
) -> Reply<Written> {
    let choices = fields
        .prices
        .into_iter()
        .map(|accepted| choice(&services, accepted))
        .collect::<Result<Vec<_>, Problem>>()?;
    let written = services.accept_prices(choices).await;
    let written = written.map_err(|error| with_fields(error, |_| "prices".to_owned()))?;
    Ok(success(Written { written }))
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
