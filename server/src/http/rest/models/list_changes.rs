//! What was done to the registry, by whom.

use app::api::registry::RegistryPort;
use app::model::registry::{RegistryAction, RegistryChange};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

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
pub(in crate::http::rest) struct ChangeList {
    /// The newest first.
    changes: Vec<Change>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What was done to the registry, by whom (admins)
#[utoipa::path(
    get,
    path = "/models/changes",
    operation_id = "list_model_changes",
    tag = "models",
    params(Page),
    responses((status = 200, description = "A page of changes, the newest first", body = Success<ChangeList>)),
)]
pub(in crate::http::rest) async fn list_changes(
    services: Services,
    params: Params<Page>,
) -> Reply<ChangeList> {
    let page = params.done()?;
    let all = services.registry_changes().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(ChangeList {
        changes: part.into_iter().map(Change::from).collect(),
        total,
        next_cursor,
    }))
}
