//! A question is taken out of its project.

use app::model::ids::{ProjectId, PromptId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A question is gone.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct QueryRemoved {
    id: PromptId,
}

/// Takes a question out of its project
///
/// Its answers are kept.
#[utoipa::path(
    delete,
    path = "/projects/{id}/queries/{query_id}",
    operation_id = "remove_query",
    tag = "queries",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("query_id" = PromptId, Path, description = "Question"),
    ),
    responses((status = 200, description = "It is gone", body = Success<QueryRemoved>)),
)]
pub(in crate::http::rest) async fn remove(
    services: Services,
    Ids((project_id, prompt_id)): Ids<(ProjectId, PromptId)>,
) -> Reply<QueryRemoved> {
    services.remove_prompt(project_id, prompt_id).await?;
    Ok(success(QueryRemoved { id: prompt_id }))
}
