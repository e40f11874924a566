//! The difference, before it is booked.

use app::api::prices::PricesPort;
use app::model::ids::ModelId;

use super::shapes::{Recomputation, period_field};
use crate::http::path::Ids;
use crate::http::rest::params::{Params, Period};
use crate::http::rest::reply::{Reply, Success, success, with_fields};
use crate::services::Services;

/// What past answers of a model would cost at the prices of the book (admins)
#[utoipa::path(
    get,
    path = "/models/{id}/recompute",
    operation_id = "show_recomputed",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model"), Period),
    responses((status = 200, description = "The difference; nothing is written", body = Success<Recomputation>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    params: Params<Period>,
) -> Reply<Recomputation> {
    let period = params.done()?;
    let found = services.recompute(model_id, period.from, period.to).await;
    let found = found.map_err(|error| with_fields(error, period_field))?;
    Ok(success(Recomputation::of(model_id, found)))
}
