//! The registry of models.

use app::api::registry::RegistryPort;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Model;
use crate::http::rest::params::{Page, Params, parameters};
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

parameters! {
    /// Which models.
    pub(in crate::http::rest) struct ModelParams {
        /// Only models of this provider
        provider: Option<Provider>,
        /// Only models that a provider's name stands for, or only the others
        is_current: Option<bool>,
    }
}

/// The registry of models
#[utoipa::path(
    get,
    path = "/models",
    operation_id = "list_models",
    tag = "models",
    params(
        ModelParams,
        Page,
    ),
    responses((status = 200, description = "A page of models", body = Success<ModelList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<(ModelParams, Page)>,
) -> Reply<ModelList> {
    let (which, page) = params.done()?;
    let models: Vec<Model> = services
        .list_models()
        .await?
        .into_iter()
        .filter(|model| which.provider.is_none_or(|wanted| wanted == model.provider))
        .filter(|model| {
            which
                .is_current
                .is_none_or(|wanted| wanted == model.is_current)
        })
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
