//! Which model judges answers.

use app::api::keys::KeysPort;

use super::shapes::{Judge, reply};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// Which model judges answers, and which could
#[utoipa::path(
    get,
    path = "/judge",
    operation_id = "show_judge",
    tag = "keys and budget",
    responses((status = 200, description = "The judge", body = Success<Judge>)),
)]
pub(in crate::http::rest) async fn show(services: Services) -> Reply<Judge> {
    Ok(reply(services.judge().await?))
}
