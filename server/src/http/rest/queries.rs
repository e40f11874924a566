//! `/projects/{id}/queries`: the questions of a project.

use app::api::projects::ProjectsPort;
use app::model::ids::{ProjectId, PromptId};
use app::model::project::{PromptKind, PromptView};
use axum::Json;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::reply::{Reply, Success, success};
use crate::http::path::Ids;
use crate::services::Services;

/// A question.
#[derive(Serialize)]
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

/// All questions of a project.
#[derive(Serialize)]
pub(super) struct QueryList {
    queries: Vec<Query>,
    total: usize,
}

/// Questions to be added, or to stand in place of the present ones.
#[derive(Deserialize)]
pub(super) struct NewQueries {
    #[serde(default)]
    queries: Vec<String>,
    #[serde(default)]
    replace: bool,
}

/// `GET /projects/{id}/queries`
pub(super) async fn list(services: Services, Ids(project_id): Ids<ProjectId>) -> Reply<QueryList> {
    Ok(reply(services.project(project_id).await?.prompts))
}

/// `POST /projects/{id}/queries`
pub(super) async fn put(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(new): Body<NewQueries>,
) -> Reply<QueryList> {
    Ok(reply(services.put_prompts(project_id, &new.queries, new.replace).await?))
}

fn reply(prompts: Vec<PromptView>) -> Json<Success<QueryList>> {
    let queries: Vec<Query> = prompts.into_iter().map(Query::from).collect();
    success(QueryList { total: queries.len(), queries })
}
