//! Questions are added, or put in place of all others.

use app::model::ids::ProjectId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{QueryList, listed};
use crate::http::path::Ids;
use crate::http::rest::body::Body;
use crate::http::rest::params::Page;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;
use crate::services::projects::NewPrompt;

/// Questions to be added, or to stand in place of the present ones.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct NewQueries {
    #[serde(default)]
    queries: Vec<NewQuery>,
    #[serde(default)]
    replace: bool,
}

/// A question: its text, or everything about it.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum NewQuery {
    /// Its text.
    Text(String),
    /// Everything about it.
    Whole(WholeQuery),
}

/// A question with its tags.
#[derive(Deserialize, ToSchema)]
struct WholeQuery {
    query_text: String,
    /// Absent: those of a question that is there already stay. A new tag counts past answers of
    /// the question in its cluster too.
    tags: Option<Vec<String>>,
}

impl From<NewQuery> for NewPrompt {
    fn from(new: NewQuery) -> Self {
        match new {
            NewQuery::Text(text) => Self { text, tags: None },
            NewQuery::Whole(whole) => Self {
                text: whole.query_text,
                tags: whole.tags,
            },
        }
    }
}

/// Adds questions
///
/// All or none of them. With `replace` they take the place of the present ones, whose answers
/// are kept.
#[utoipa::path(
    post,
    path = "/projects/{id}/queries",
    operation_id = "add_queries",
    tag = "queries",
    params(("id" = ProjectId, Path, description = "Project")),
    request_body = NewQueries,
    responses((status = 200, description = "All questions of the project", body = Success<QueryList>)),
)]
pub(in crate::http::rest) async fn add(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(new): Body<NewQueries>,
) -> Reply<QueryList> {
    let prompts: Vec<NewPrompt> = new.queries.into_iter().map(NewPrompt::from).collect();
    let all = services
        .put_prompts(project_id, &prompts, new.replace)
        .await?;
    Ok(success(listed(all, Page::default())))
}
