//! Questions as they are shown.

use app::model::ids::PromptId;
use app::model::project::{PromptKind, PromptView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::Page;

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
pub(in crate::http::rest) struct QueryList {
    queries: Vec<Query>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

pub(super) fn listed(prompts: Vec<PromptView>, page: Page) -> QueryList {
    let total = prompts.len();
    let (part, next_cursor) = page.cut(prompts);
    QueryList {
        queries: part.into_iter().map(Query::from).collect(),
        total,
        next_cursor,
    }
}
