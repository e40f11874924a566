//! A model is added to the registry.

use app::api::registry::RegistryPort;
use app::model::provider::Provider;
use app::model::registry::ModelDraft;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{ModelReply, field_name};
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Success, success, with_fields};
use crate::services::Services;

/// A model that is not in the registry yet.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct NewModel {
    llm_provider: Provider,
    /// The provider's own id.
    model_id: String,
    /// The id where it is missing.
    model_display_name: Option<String>,
    /// Whether asks may search the web; not where it is missing.
    web_search: Option<bool>,
    /// Upper limit of an answer, in tokens, thoughts included; 16,000 where it is missing.
    max_tokens: Option<i64>,
}

/// Adds a model (admins)
///
/// It is neither current nor available, and has no price: `PUT /models/{id}` changes that.
#[utoipa::path(
    post,
    path = "/models",
    operation_id = "add_model",
    tag = "models",
    request_body = NewModel,
    responses((status = 201, description = "The model", body = Success<ModelReply>)),
)]
pub(in crate::http::rest) async fn add(
    services: Services,
    Body(fields): Body<NewModel>,
) -> Result<Response, Problem> {
    let draft = ModelDraft {
        provider: fields.llm_provider,
        model_id: fields.model_id,
        display_name: fields.model_display_name.unwrap_or_default(),
        web_search: fields.web_search.unwrap_or_default(),
        max_tokens: fields.max_tokens,
    };
    let added = services.add_model(draft).await;
    let model = added.map_err(|error| with_fields(error, field_name))?;
    let reply = success(ModelReply::from(model));
    Ok((StatusCode::CREATED, reply).into_response())
}
