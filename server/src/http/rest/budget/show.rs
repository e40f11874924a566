//! The budget and its use.

use app::api::keys::KeysPort;

use super::shapes::{BudgetReply, reply};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// The budget and its use
#[utoipa::path(
    get,
    path = "/budget",
    operation_id = "show_budget",
    tag = "keys and budget",
    responses((status = 200, description = "The budget of this month", body = Success<BudgetReply>)),
)]
pub(in crate::http::rest) async fn show(services: Services) -> Reply<BudgetReply> {
    Ok(reply(services.budget().await?))
}
