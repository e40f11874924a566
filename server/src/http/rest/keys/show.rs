//! Which providers have a key.

use super::shapes::{KeysReply, reply};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// Which providers have a key
#[utoipa::path(
    get,
    path = "/api-keys",
    operation_id = "show_api_keys",
    tag = "keys and budget",
    responses((status = 200, description = "Never the keys themselves", body = Success<KeysReply>)),
)]
pub(in crate::http::rest) async fn show(services: Services) -> Reply<KeysReply> {
    reply(&services).await
}
