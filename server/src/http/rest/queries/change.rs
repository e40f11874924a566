//! Whether a question is asked, and its tags.

use app::model::ids::{ProjectId, PromptId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shapes::Query;
use crate::http::path::Ids;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;
use crate::services::projects::PromptChange;

/// What may be changed about a question; absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct QueryFields {
    is_active: Option<bool>,
    /// In place of its tags. A new tag counts past answers of the question in its cluster too;
    /// files keep the tags of each answer's time.
    tags: Option<Vec<String>>,
}

/// One question.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct QueryReply {
    query: Query,
}

/// Changes a question
///
/// Its text stays: answers belong to it. Absent fields stay as they are.
#[utoipa::path(
    put,
    path = "/projects/{id}/queries/{query_id}",
    operation_id = "change_query",
    tag = "queries",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("query_id" = PromptId, Path, description = "Question"),
    ),
    request_body = QueryFields,
    responses((status = 200, description = "The question as it is now", body = Success<QueryReply>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Ids((project_id, prompt_id)): Ids<(ProjectId, PromptId)>,
    Body(fields): Body<QueryFields>,
) -> Reply<QueryReply> {
    let change = PromptChange {
        is_active: fields.is_active,
        tags: fields.tags,
    };
    let changed = services
        .change_prompt(project_id, prompt_id, change)
        .await?;
    Ok(success(QueryReply {
        query: changed.into(),
    }))
}
