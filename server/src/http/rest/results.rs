//! `/projects/{id}/results` and `/responses`: every answer, whole.

use app::model::answer::{
    AnswerFilter, AttemptView, CitationView, FindingView, MentionSource, Sentiment,
};
use app::model::ids::{AnswerId, EntityId, ModelId, PageId, ProjectId, PromptId, RunId};
use app::model::provider::Provider;
use app::model::run::CostKind;
use app::model::served::is_other_model;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::params::Params;
use super::reply::{Reply, Success, Usd, success, thousandths};
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::{FullAnswer, Services};

/// Rows a page, at most.
const MAX_LIMIT: u32 = 200;

/// An answer, or an ask that failed.
#[derive(Serialize, ToSchema)]
pub(super) struct Answer {
    id: AnswerId,
    run_id: RunId,
    query_id: PromptId,
    query_text: String,
    llm_provider: Provider,
    model_id: ModelId,
    model_display_name: String,
    model_requested: String,
    model_served: Option<String>,
    /// Whether that is another model than the one that was asked, and not a dated form of it.
    served_another: bool,
    analysis_date: DateTime<Utc>,
    /// Nothing where the answer could not be read.
    brand_mentioned: Option<bool>,
    source: MentionSource,
    mention_count: i64,
    position_in_list: Option<i64>,
    total_items_in_list: Option<i64>,
    /// How it speaks of the brand, by a judge; nothing where none has read it.
    sentiment: Option<Sentiment>,
    /// From -1 to 1.
    sentiment_score: Option<f64>,
    competitors_mentioned: Vec<String>,
    citations: Vec<CitationView>,
    /// What the model looked up before it answered, in its own words and order.
    search_queries: Vec<String>,
    full_response: String,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    /// Nothing where no price is known: that is not free. At least this where `cost_kind` says so.
    cost_usd: Option<Usd>,
    cost_kind: CostKind,
    response_time_ms: i64,
    outcome: String,
    error_class: Option<String>,
    error_message: Option<String>,
    /// Whether the simulator made it up.
    simulated: bool,
}

impl From<FullAnswer> for Answer {
    fn from(answer: FullAnswer) -> Self {
        let FullAnswer { row, .. } = answer;
        let judged = answer.judged;
        Self {
            id: row.id,
            run_id: row.run_id,
            query_id: row.prompt_id,
            query_text: row.prompt_text,
            llm_provider: row.provider,
            model_id: row.model_id,
            model_display_name: row.model_name,
            served_another: is_other_model(&answer.model_requested, answer.model_served.as_deref()),
            model_requested: answer.model_requested,
            model_served: answer.model_served,
            analysis_date: row.at,
            brand_mentioned: row.source.is_named(),
            source: row.source,
            mention_count: row.text_count,
            position_in_list: row.rank,
            total_items_in_list: row.list_total,
            sentiment: judged.map(|tone| tone.sentiment),
            sentiment_score: judged.map(|tone| thousandths(tone.score_thousandths)),
            competitors_mentioned: row.competitors,
            citations: answer.citations,
            search_queries: answer.search_queries,
            full_response: answer.text,
            input_tokens: answer.input_tokens,
            output_tokens: answer.output_tokens,
            cost_usd: (row.cost_kind != CostKind::Unpriced).then_some(Usd(row.cost)),
            cost_kind: row.cost_kind,
            response_time_ms: row.latency_ms,
            outcome: row.outcome,
            error_class: row.error_class,
            error_message: answer.error_message,
            simulated: row.simulated,
        }
    }
}

/// A page of answers, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerList {
    results: Vec<Answer>,
    /// Answers that the filters let through, on all pages.
    total: i64,
    /// There are more than `total`: counting ended there.
    total_is_at_least: bool,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

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
    error_class: Option<String>,
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
pub(super) struct AnswerReply {
    result: Answer,
    /// The brand first.
    findings: Vec<Finding>,
    /// The first first.
    attempts: Vec<Attempt>,
}

/// Who answered.
#[derive(Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
enum Served {
    /// The model that was asked, or a dated form of it.
    Asked,
    /// Another one.
    Other,
}

impl Served {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "asked" => Some(Self::Asked),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}

/// Which answers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) struct AnswerParams {
    /// First day, in the workspace's time zone
    start_date: Option<NaiveDate>,
    /// Last day
    end_date: Option<NaiveDate>,
    /// Only this run
    run_id: Option<RunId>,
    /// Only this model
    model_id: Option<ModelId>,
    /// Only models of this provider
    llm_provider: Option<Provider>,
    /// Only this question
    query_id: Option<PromptId>,
    /// Only questions with this tag
    tag: Option<String>,
    /// Only answers that name the brand, or only those that do not
    mentioned: Option<bool>,
    /// Only answers that name this brand or competitor
    entity_id: Option<EntityId>,
    /// Only answers that a judge found to speak like this of the brand
    sentiment: Option<Sentiment>,
    /// Only failures, or only answers
    failed: Option<bool>,
    /// Only answers that came under this name of a model
    model_served: Option<String>,
    /// Only answers of another model than the one that was asked, or only of that one
    #[param(inline)]
    served: Option<Served>,
    /// Only answers that cite this domain
    domain: Option<String>,
    /// Only answers that cite this page
    page_id: Option<PageId>,
    /// Only answers whose text holds this, whatever its capitals
    text: Option<String>,
}

/// Reads [`AnswerParams`].
pub(super) fn read_filter(params: &mut Params, project_id: ProjectId) -> AnswerFilter {
    let (from, to) = params.open_period();
    AnswerFilter {
        project_id,
        from,
        to,
        run_id: params.number("run_id"),
        model_id: params.number("model_id"),
        provider: params.provider("llm_provider"),
        prompt_id: params.number("query_id"),
        tag: params.words("tag"),
        mentioned: params.flag("mentioned"),
        entity_id: params.number("entity_id"),
        sentiment: params.word("sentiment", Sentiment::from_word),
        failed: params.flag("failed"),
        domain: params.words("domain"),
        page_id: params.number("page_id"),
        text: params.words("text"),
        model_served: params.words("model_served"),
        served_another: params
            .word("served", Served::from_word)
            .map(|one| one == Served::Other),
        before: None,
        limit: None,
    }
}

/// Which part of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) struct AnswerPageParams {
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
pub(super) async fn list(
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
pub(super) async fn responses(
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
pub(super) async fn show(
    services: Services,
    Ids((project_id, answer_id)): Ids<(ProjectId, AnswerId)>,
) -> Result<axum::Json<Success<AnswerReply>>, Problem> {
    let (whole, view) = services.full_answer(project_id, answer_id).await?;
    Ok(success(AnswerReply {
        result: whole.into(),
        findings: view.findings.into_iter().map(Finding::from).collect(),
        attempts: view.attempts.into_iter().map(Attempt::from).collect(),
    }))
}
