//! `/models`: added, looked for, reviewed; and what was done to the registry. For admins.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::{CheckView, ModelDraft, RegistryAction, RegistryChange};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::models::{ModelReply, field_name};
use super::params::{PageParams, Params};
use super::reply::{Reply, Success, success, with_fields};
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;

/// A model that is not in the registry yet.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewModel {
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

/// A provider that did not list its models.
#[derive(Serialize, ToSchema)]
struct Silent {
    llm_provider: Provider,
    reason: String,
}

/// What a look at the providers' lists found.
#[derive(Serialize, ToSchema)]
pub(super) struct ListCheck {
    /// Providers that answered.
    checked: Vec<Provider>,
    failed: Vec<Silent>,
    /// Names of the models that nobody knew: not available, without a price, to be reviewed.
    new_models: Vec<String>,
}

/// A change of the registry.
#[derive(Serialize, ToSchema)]
struct Change {
    at: DateTime<Utc>,
    /// E-mail address; nothing: a look at the lists, or the command line.
    by: Option<String>,
    model_display_name: String,
    action: RegistryAction,
    old: Option<String>,
    new: Option<String>,
}

impl From<RegistryChange> for Change {
    fn from(change: RegistryChange) -> Self {
        Self {
            at: change.at,
            by: change.by,
            model_display_name: change.model,
            action: change.action,
            old: change.old,
            new: change.new,
        }
    }
}

/// What was done to the registry.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeList {
    /// The newest first.
    changes: Vec<Change>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
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
pub(super) async fn add(
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

/// Asks every provider that has a key which models it has (admins)
#[utoipa::path(
    post,
    path = "/models/check",
    operation_id = "check_model_lists",
    tag = "models",
    responses((status = 200, description = "What was found", body = Success<ListCheck>)),
)]
pub(super) async fn check(services: Services) -> Reply<ListCheck> {
    let CheckView {
        checked,
        failed,
        new_models,
    } = services.check_models().await?;
    let silent = |(llm_provider, reason)| Silent {
        llm_provider,
        reason,
    };
    Ok(success(ListCheck {
        checked,
        failed: failed.into_iter().map(silent).collect(),
        new_models,
    }))
}

/// Approves a model that was found (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/approve",
    operation_id = "approve_model",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model")),
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(super) async fn approve(services: Services, Ids(model_id): Ids<ModelId>) -> Reply<ModelReply> {
    Ok(success(services.review_model(model_id, true).await?.into()))
}

/// Rejects a model that was found (admins)
#[utoipa::path(
    post,
    path = "/models/{id}/reject",
    operation_id = "reject_model",
    tag = "models",
    params(("id" = ModelId, Path, description = "Model")),
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(super) async fn reject(services: Services, Ids(model_id): Ids<ModelId>) -> Reply<ModelReply> {
    let rejected = services.review_model(model_id, false).await?;
    Ok(success(rejected.into()))
}

/// What was done to the registry, by whom (admins)
#[utoipa::path(
    get,
    path = "/models/changes",
    operation_id = "list_model_changes",
    tag = "models",
    params(PageParams),
    responses((status = 200, description = "A page of changes, the newest first", body = Success<ChangeList>)),
)]
pub(super) async fn changes(services: Services, mut params: Params) -> Reply<ChangeList> {
    let page = params.page();
    params.done()?;
    let all = services.registry_changes().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(ChangeList {
        changes: part.into_iter().map(Change::from).collect(),
        total,
        next_cursor,
    }))
}
