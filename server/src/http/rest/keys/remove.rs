//! A key is forgotten.

use app::api::keys::KeysPort;
use app::model::provider::Provider;

use super::shapes::{KeysReply, reply};
use crate::http::rest::params::Params;
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// Forgets a provider's key (owners)
#[utoipa::path(
    delete,
    path = "/api-keys",
    operation_id = "remove_api_key",
    tag = "keys and budget",
    params(("provider" = Provider, Query, description = "Whose key")),
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(in crate::http::rest) async fn remove(
    services: Services,
    mut params: Params,
) -> Reply<KeysReply> {
    let provider = params.needed("provider", Params::provider);
    params.done()?;
    if let Some(provider) = provider {
        services.delete_key(provider).await?;
    }
    reply(&services).await
}
