//! A key is forgotten.

use app::api::keys::KeysPort;
use app::model::provider::Provider;

use super::shapes::{KeysReply, reply};
use crate::http::rest::params::{Params, parameters};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

parameters! {
    /// Which key.
    pub(in crate::http::rest) struct KeyParams {
        /// Whose key
        provider: Provider,
    }
}

/// Forgets a provider's key (owners)
#[utoipa::path(
    delete,
    path = "/api-keys",
    operation_id = "remove_api_key",
    tag = "keys and budget",
    params(KeyParams),
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(in crate::http::rest) async fn remove(
    services: Services,
    params: Params<KeyParams>,
) -> Reply<KeysReply> {
    services.delete_key(params.done()?.provider).await?;
    reply(&services).await
}
