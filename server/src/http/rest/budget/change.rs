//! Changes of the budget.

use app::api::keys::KeysPort;

use super::fields::{BudgetFields, field_name};
use super::shapes::{BudgetReply, reply};
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success, with_fields};
use crate::services::Services;

/// Changes the budget (owners)
#[utoipa::path(
    put,
    path = "/budget",
    operation_id = "change_budget",
    tag = "keys and budget",
    request_body = BudgetFields,
    responses((status = 200, description = "The budget as it is now", body = Success<BudgetReply>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Body(fields): Body<BudgetFields>,
) -> Reply<BudgetReply> {
    let changed = services.save_budget(fields.draft()).await;
    Ok(reply(
        changed.map_err(|error| with_fields(error, field_name))?,
    ))
}
