//! `/projects/{id}/queries`: the questions of a project.

use app::api::projects::ProjectsPort;
use app::model::ids::{ProjectId, PromptId};
use app::model::project::{PromptKind, PromptView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::params::{Page, PageParams, Params};
use super::reply::{Reply, Success, success};
use crate::http::path::Ids;
use crate::services::{NewPrompt, PromptChange, Services};

/// A question.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Query {
    id: PromptId,
    query_text: String,
    language: String,
    query_type: PromptKind,
    tags: Vec<String>,
    is_active: bool,
}

impl From<PromptView> for Query {
    fn from(view: PromptView) -> Self {
        Self {
            id: view.id,
            query_text: view.text,
            language: view.language,
            query_type: view.kind,
            tags: view.tags,
            is_active: view.is_active,
        }
    }
}

/// Questions of a project.
#[derive(Serialize, ToSchema)]
pub(super) struct QueryList {
    queries: Vec<Query>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// Questions to be added, or to stand in place of the present ones.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewQueries {
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

/// What may be changed about a question; absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
pub(super) struct QueryFields {
    is_active: Option<bool>,
    /// In place of its tags. A new tag counts past answers of the question in its cluster too;
    /// files keep the tags of each answer's time.
    tags: Option<Vec<String>>,
}

/// One question.
#[derive(Serialize, ToSchema)]
pub(super) struct QueryReply {
    query: Query,
}

/// A question is gone.
#[derive(Serialize, ToSchema)]
pub(super) struct QueryRemoved {
    id: PromptId,
}

/// The questions of a project, in their order
#[utoipa::path(
    get,
    path = "/projects/{id}/queries",
    operation_id = "list_queries",
    tag = "queries",
    params(("id" = ProjectId, Path, description = "Project"), PageParams),
    responses((status = 200, description = "A page of questions", body = Success<QueryList>)),
)]
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<QueryList> {
    let page = params.page();
    params.done()?;
    let prompts = services.project(project_id).await?.prompts;
    Ok(success(listed(prompts, page)))
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
pub(super) async fn put(
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
pub(super) async fn change(
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
pub(super) async fn remove(
    services: Services,
    Ids((project_id, prompt_id)): Ids<(ProjectId, PromptId)>,
) -> Reply<QueryRemoved> {
    services.remove_prompt(project_id, prompt_id).await?;
    Ok(success(QueryRemoved { id: prompt_id }))
}

fn listed(prompts: Vec<PromptView>, page: Page) -> QueryList {
    let total = prompts.len();
    let (part, next_cursor) = page.cut(prompts);
    QueryList {
        queries: part.into_iter().map(Query::from).collect(),
        total,
        next_cursor,
    }
}
