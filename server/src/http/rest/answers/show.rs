//! One answer, with what was found in it and how it was got.

use app::model::answer::{AttemptView, FindingView, MentionSource, Sentiment};
use app::model::ids::{AnswerId, EntityId, ProjectId};
use app::model::outcome::ErrorClass;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Answer;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::reply::{Success, success};
use crate::services::Services;

/// What an answer says of the brand or a competitor.
#[derive(Serialize, ToSchema)]
struct Finding {
    entity_id: EntityId,
    name: String,
    is_brand: bool,
    source: MentionSource,
    mention_count: i64,
    position_in_list: Option<i64>,
    total_items_in_list: Option<i64>,
    /// By a judge; nothing where none has read it.
    sentiment: Option<Sentiment>,
    /// Why the judge says so.
    reason: Option<String>,
}

impl From<FindingView> for Finding {
    fn from(view: FindingView) -> Self {
        Self {
            entity_id: view.entity_id,
            name: view.entity_name,
            is_brand: view.is_brand,
            source: view.source,
            mention_count: view.text_count,
            position_in_list: view.rank,
            total_items_in_list: view.list_total,
            sentiment: view.judgement.as_ref().map(|said| said.tone.sentiment),
            reason: view.judgement.map(|said| said.reason),
        }
    }
}

/// One HTTP exchange of an ask.
#[derive(Serialize, ToSchema)]
struct Attempt {
    number: i64,
    sent_at: DateTime<Utc>,
    http_status: Option<i64>,
    error_class: Option<ErrorClass>,
    response_time_ms: i64,
    /// The provider's.
    request_id: Option<String>,
}

impl From<AttemptView> for Attempt {
    fn from(view: AttemptView) -> Self {
        Self {
            number: view.number,
            sent_at: view.at,
            http_status: view.status,
            error_class: view.error_class,
            response_time_ms: view.latency_ms,
            request_id: view.request_id,
        }
    }
}

/// One answer with everything that is known about it.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct AnswerReply {
    result: Answer,
    /// The brand first.
    findings: Vec<Finding>,
    /// The first first.
    attempts: Vec<Attempt>,
}

/// One answer, with what was found in it and how it was got
#[utoipa::path(
    get,
    path = "/projects/{id}/results/{result_id}",
    operation_id = "show_result",
    tag = "answers",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("result_id" = AnswerId, Path, description = "Answer"),
    ),
    responses((status = 200, description = "The answer", body = Success<AnswerReply>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    Ids((project_id, answer_id)): Ids<(ProjectId, AnswerId)>,
) -> Result<axum::Json<Success<AnswerReply>>, Problem> {
    let whole = services.whole_answer(project_id, answer_id).await?;
    Ok(success(AnswerReply {
        result: whole.answer.into(),
        findings: whole.findings.into_iter().map(Finding::from).collect(),
        attempts: whole.attempts.into_iter().map(Attempt::from).collect(),
    }))
}
