//! Names that are nobody's yet.

use app::api::discovery::DiscoveryPort;
use app::model::ids::ProjectId;

use super::shapes::NamesBeside;
use crate::http::path::Ids;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Who stands in the lists that name the brand, and is nobody's alias
#[utoipa::path(
    get,
    path = "/projects/{id}/names",
    operation_id = "list_names_beside",
    tag = "metrics",
    params(("id" = ProjectId, Path, description = "Project"), Page),
    responses((status = 200, description = "A page of names", body = Success<NamesBeside>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<Page>,
) -> Reply<NamesBeside> {
    let page = params.done()?;
    let found = services.discovered(project_id).await?;
    Ok(success(NamesBeside::part(found, page)))
}
