//! A model that was found is rejected.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;

use super::shapes::ModelReply;
use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Rejects a model that was found (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/reject",
    operation_id = "reject_model",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model")),
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(in crate::http::rest) async fn reject(
    services: Services,
    Ids(model_id): Ids<ModelId>,
) -> Reply<ModelReply> {
    let rejected = services.review_model(model_id, false).await?;
    Ok(success(rejected.into()))
}
