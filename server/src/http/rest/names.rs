//! `/projects/{id}/names`: who else stands in the lists that name the brand.

use app::api::discovery::DiscoveryPort;
use app::model::discovery::{DiscoveredName, DiscoveryView};
use app::model::ids::{AnswerId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::params::{Page, PageParams, Params};
use super::reply::{Reply, Success, success};
use crate::http::path::Ids;
use crate::services::Services;

/// A name that is nobody's yet.
#[derive(Serialize, ToSchema)]
struct FoundName {
    /// As it is spelled most often.
    name: String,
    /// Answers in whose lists it stands beside the brand.
    answers: u32,
    /// Some of them, the newest first.
    result_ids: Vec<AnswerId>,
}

impl From<DiscoveredName> for FoundName {
    fn from(found: DiscoveredName) -> Self {
        Self {
            name: found.name,
            answers: found.answers,
            result_ids: found.examples,
        }
    }
}

/// Who else is listed.
#[derive(Serialize, ToSchema)]
pub(super) struct NamesBeside {
    /// Those of most answers first, at most fifty.
    names: Vec<FoundName>,
    /// Answers that were read for them.
    answers_read: u32,
    /// Names that were dismissed, by the alphabet.
    dismissed: Vec<String>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

impl NamesBeside {
    fn part(view: DiscoveryView, page: Page) -> Self {
        let total = view.names.len();
        let (part, next_cursor) = page.cut(view.names);
        Self {
            names: part.into_iter().map(FoundName::from).collect(),
            answers_read: view.answers,
            dismissed: view.dismissed,
            total,
            next_cursor,
        }
    }
}

/// What to do about a name.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Decision {
    /// It is a competitor from now on; answers are read again for it.
    Adopt,
    /// It is shown no more.
    Dismiss,
    /// A dismissed one is shown again.
    Restore,
}

/// A decision about a name.
#[derive(Deserialize, ToSchema)]
pub(super) struct NameFields {
    name: String,
    decision: Decision,
}

/// Who stands in the lists that name the brand, and is nobody's alias
#[utoipa::path(
    get,
    path = "/projects/{id}/names",
    operation_id = "list_names_beside",
    tag = "metrics",
    params(("id" = ProjectId, Path, description = "Project"), PageParams),
    responses((status = 200, description = "A page of names", body = Success<NamesBeside>)),
)]
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<NamesBeside> {
    let page = params.page();
    params.done()?;
    let found = services.discovered(project_id).await?;
    Ok(success(NamesBeside::part(found, page)))
}

/// Adopts a name as a competitor, dismisses it, or takes that back
#[utoipa::path(
    post,
    path = "/projects/{id}/names",
    operation_id = "decide_on_name",
    tag = "metrics",
    params(("id" = ProjectId, Path, description = "Project")),
    request_body = NameFields,
    responses((status = 200, description = "The names as they are now", body = Success<NamesBeside>)),
)]
pub(super) async fn decide(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(fields): Body<NameFields>,
) -> Reply<NamesBeside> {
    let name = fields.name;
    let found = match fields.decision {
        Decision::Adopt => services.adopt_name(project_id, name).await,
        Decision::Dismiss => services.dismiss_name(project_id, name, true).await,
        Decision::Restore => services.dismiss_name(project_id, name, false).await,
    };
    Ok(success(NamesBeside::part(found?, Page::default())))
}
