//! A stored key is tried.

use app::api::keys::KeysPort;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Whose key is to be tried.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct KeyTestFields {
    provider: Provider,
}

/// What a provider said to its key.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct KeyTestReply {
    provider: Provider,
    /// Whether it took the key.
    accepted: bool,
    /// Models that it lists.
    models: i64,
    error_class: Option<ErrorClass>,
    /// Its words.
    message: Option<String>,
}

/// Tries a stored key (owners)
///
/// It asks the provider for its models, which costs nothing.
#[utoipa::path(
    post,
    path = "/api-keys/test",
    operation_id = "test_api_key",
    tag = "keys and budget",
    request_body = KeyTestFields,
    responses((status = 200, description = "What the provider said", body = Success<KeyTestReply>)),
)]
pub(in crate::http::rest) async fn try_out(
    services: Services,
    Body(fields): Body<KeyTestFields>,
) -> Reply<KeyTestReply> {
    let test = services.test_key(fields.provider).await?;
    Ok(success(KeyTestReply {
        provider: fields.provider,
        accepted: test.accepted,
        models: test.models,
        error_class: test.error_class,
        message: test.message,
    }))
}
