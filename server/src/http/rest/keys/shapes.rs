//! Which providers have a key. Keys are never in it.

use std::collections::BTreeMap;

use app::api::keys::KeysPort;
use app::model::keys::KeySource;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::budget::shapes::Budget;
use crate::http::rest::reply::{Reply, success};
use crate::services::Services;

/// An answer of `/api-keys`. Keys are never in it.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct KeysReply {
    /// Whether there is a key at all.
    configured: bool,
    api_keys: BTreeMap<Provider, bool>,
    budget: Budget,
}

pub(super) async fn reply(services: &Services) -> Reply<KeysReply> {
    let keys = services.list_keys().await?;
    let api_keys: BTreeMap<Provider, bool> = keys
        .iter()
        .map(|key| (key.provider, key.source != KeySource::Missing))
        .collect();
    Ok(success(KeysReply {
        configured: api_keys.values().any(|is_there| *is_there),
        api_keys,
        budget: services.budget().await?.into(),
    }))
}
