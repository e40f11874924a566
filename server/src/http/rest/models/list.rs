//! The registry of models.

use app::api::registry::RegistryPort;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Model;
use crate::http::rest::params::{PageParams, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// An answer of `GET /models`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ModelList {
    models: Vec<Model>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// The registry of models
#[utoipa::path(
    get,
    path = "/models",
    operation_id = "list_models",
    tag = "models",
    params(
        ("provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("is_current" = Option<bool>, Query, description = "Only models that a provider's name stands for, or only the others"),
        PageParams,
    ),
    responses((status = 200, description = "A page of models", body = Success<ModelList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    mut params: Params,
) -> Reply<ModelList> {
    let provider = params.provider("provider");
    let is_current = params.flag("is_current");
    let page = params.page();
    params.done()?;
    let models: Vec<Model> = services
        .list_models()
        .await?
        .into_iter()
        .filter(|model| provider.is_none_or(|provider| model.provider == provider))
        .filter(|model| is_current.is_none_or(|is_current| model.is_current == is_current))
        .map(Model::from)
        .collect();
    let total = models.len();
    let (models, next_cursor) = page.cut(models);
    Ok(success(ModelList {
        models,
        total,
        next_cursor,
    }))
}
