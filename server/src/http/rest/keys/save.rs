//! New keys and the budget, all of them or none.

use app::api::error::ApiError;
use app::api::keys::KeysPort;

use super::fields::{Fields, KeyFields, Reader};
use super::shapes::{KeysReply, reply};
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::budget::fields::field_name;
use crate::http::rest::reply::{Reply, Success, with_fields};
use crate::services::Services;

/// Stores keys and the budget (owners)
///
/// All or none of them. Absent fields, and empty keys, stay as they are.
#[utoipa::path(
    put,
    path = "/api-keys",
    operation_id = "save_api_keys",
    tag = "keys and budget",
    request_body = KeyFields,
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(in crate::http::rest) async fn save(
    services: Services,
    Body(fields): Body<Fields>,
) -> Reply<KeysReply> {
    store(services, fields).await
}

/// Stores keys and the budget (owners)
///
/// The same as `PUT`.
#[utoipa::path(
    post,
    path = "/api-keys",
    operation_id = "add_api_keys",
    tag = "keys and budget",
    request_body = KeyFields,
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(in crate::http::rest) async fn add(
    services: Services,
    Body(fields): Body<Fields>,
) -> Reply<KeysReply> {
    store(services, fields).await
}

async fn store(services: Services, fields: Fields) -> Reply<KeysReply> {
    let present = services.list_keys().await?;
    let mut reader = Reader {
        language: services.language(),
        fields,
        errors: Vec::new(),
    };
    let drafts = present.iter().filter_map(|key| reader.key(key)).collect();
    let budget = reader.budget();
    if !reader.errors.is_empty() {
        return Err(Problem(ApiError::invalid(reader.language, reader.errors)));
    }
    let saved = services.save_keys_and_budget(drafts, budget).await;
    saved.map_err(|error| with_fields(error, field_name))?;
    reply(&services).await
}
