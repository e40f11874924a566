//! The difference that was shown is booked.

use app::api::prices::PricesPort;
use app::model::ids::ModelId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{Recomputation, period_field};
use crate::http::path::Ids;
use crate::http::rest::body::{AmountText, Body};
use crate::http::rest::params::{Params, Period};
use crate::http::rest::prices::amount::money;
use crate::http::rest::reply::{Reply, Success, success, with_fields};
use crate::services::Services;

/// The difference that was shown, to be booked.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct Booking {
    difference_usd: AmountText,
}

/// Books the difference, if it still is the one that was shown (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/recompute",
    operation_id = "book_recomputed",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model"), Period),
    request_body = Booking,
    responses((status = 200, description = "What is booked now", body = Success<Recomputation>)),
)]
pub(in crate::http::rest) async fn book(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    params: Params<Period>,
    Body(booking): Body<Booking>,
) -> Reply<Recomputation> {
    let period = params.done()?;
    let difference = money(&services, "difference_usd", &booking.difference_usd)?;
    let booked = services
        .write_correction_to_ledger(model_id, period.from, period.to, difference)
        .await;
    let booked = booked.map_err(|error| with_fields(error, period_field))?;
    Ok(success(Recomputation::of(model_id, booked)))
}
