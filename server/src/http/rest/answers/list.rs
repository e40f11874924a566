//! The answers of a project, page by page.

use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::filter::{AnswerParams, read_filter};
use super::shapes::Answer;
use crate::http::path::Ids;
use crate::http::rest::params::Params;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Rows a page, at most.
const MAX_LIMIT: u32 = 200;

/// A page of answers, the newest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct AnswerList {
    results: Vec<Answer>,
    /// Answers that the filters let through, on all pages.
    total: i64,
    /// There are more than `total`: counting ended there.
    total_is_at_least: bool,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// Which part of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
struct AnswerPageParams {
    /// The `next_cursor` of the page before
    cursor: Option<String>,
    /// Rows a page, 50 where it is missing
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// The answers of a project, the newest first
#[utoipa::path(
    get,
    path = "/projects/{id}/results",
    operation_id = "list_results",
    tag = "answers",
    params(("id" = ProjectId, Path, description = "Project"), AnswerParams, AnswerPageParams),
    responses((status = 200, description = "A page of answers", body = Success<AnswerList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params,
) -> Reply<AnswerList> {
    page(&services, project_id, params).await
}

/// The answers of a project, the newest first
///
/// The same as `results`.
#[utoipa::path(
    get,
    path = "/projects/{id}/responses",
    operation_id = "list_responses",
    tag = "answers",
    params(("id" = ProjectId, Path, description = "Project"), AnswerParams, AnswerPageParams),
    responses((status = 200, description = "A page of answers", body = Success<AnswerList>)),
)]
pub(in crate::http::rest) async fn responses(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params,
) -> Reply<AnswerList> {
    page(&services, project_id, params).await
}

async fn page(services: &Services, project_id: ProjectId, mut params: Params) -> Reply<AnswerList> {
    let mut filter = read_filter(&mut params, project_id);
    filter.before = params.number("cursor");
    filter.limit = params.within("limit", (1, MAX_LIMIT));
    params.done()?;
    let page = services.full_answers(filter).await?;
    Ok(success(AnswerList {
        results: page.answers.into_iter().map(Answer::from).collect(),
        total: page.total,
        total_is_at_least: page.is_at_least,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}
