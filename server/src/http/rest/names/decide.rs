//! A name is adopted, dismissed, or shown again.

use app::api::discovery::DiscoveryPort;
use app::model::ids::ProjectId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::NamesBeside;
use crate::http::path::Ids;
use crate::http::rest::body::Body;
use crate::http::rest::params::Page;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

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
pub(in crate::http::rest) struct NameFields {
    name: String,
    decision: Decision,
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
pub(in crate::http::rest) async fn decide(
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
