//! The answers of a project, page by page.

use app::model::ids::{AnswerId, ProjectId};
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::AnswerParams;
use super::shapes::Answer;
use crate::http::path::Ids;
use crate::http::rest::params::{Days, Params, parameters};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

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

parameters! {
    /// Which part of the list.
    pub(in crate::http::rest) struct AnswerPageParams {
        /// The `next_cursor` of the page before
        #[param(value_type = Option<String>)]
        cursor: Option<AnswerId>,
        /// Rows a page, 50 where it is missing
        limit: Option<u32> = 1..=200,
    }
}

/// What both addresses of the list read.
type ListParams = (Days, AnswerParams, AnswerPageParams);

/// The answers of a project, the newest first
#[utoipa::path(
    get,
    path = "/projects/{id}/results",
    operation_id = "list_results",
    tag = "answers",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Days,
        AnswerParams,
        AnswerPageParams,
    ),
    responses((status = 200, description = "A page of answers", body = Success<AnswerList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Days, AnswerParams, AnswerPageParams)>,
) -> Reply<AnswerList> {
    page(&services, project_id, params.done()?).await
}

/// The answers of a project, the newest first
///
/// The same as `results`.
#[utoipa::path(
    get,
    path = "/projects/{id}/responses",
    operation_id = "list_responses",
    tag = "answers",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Days,
        AnswerParams,
        AnswerPageParams,
    ),
    responses((status = 200, description = "A page of answers", body = Success<AnswerList>)),
)]
pub(in crate::http::rest) async fn responses(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Days, AnswerParams, AnswerPageParams)>,
) -> Reply<AnswerList> {
    page(&services, project_id, params.done()?).await
}

async fn page(
    services: &Services,
    project_id: ProjectId,
    (days, which, part): ListParams,
) -> Reply<AnswerList> {
    let mut filter = which.filter(project_id, days);
    filter.before = part.cursor;
    filter.limit = part.limit;
    let page = services.citing_answers(filter).await?;
    Ok(success(AnswerList {
        results: page.answers.into_iter().map(Answer::from).collect(),
        total: page.total,
        total_is_at_least: page.is_at_least,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}
