//! A model that was found is approved.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;

use super::shapes::ModelReply;
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Approves a model that was found (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/approve",
    operation_id = "approve_model",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model")),
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(in crate::http::rest) async fn approve(
    services: Services,
    Ids(model_id): Ids<ModelId>,
) -> Reply<ModelReply> {
    Ok(success(services.review_model(model_id, true).await?.into()))
}
