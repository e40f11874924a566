//! `/projects/{id}/results`: every answer, whole.

use app::model::answer::{AnswerFilter, CitationView, MentionSource, Sentiment};
use app::model::ids::{AnswerId, ModelId, ProjectId, PromptId, RunId};
use app::model::provider::Provider;
use app::model::run::CostKind;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::params::Params;
use super::reply::{Reply, Usd, success};
use crate::http::path::Ids;
use crate::services::{FullAnswer, Services};

/// Rows a page, at most.
const MAX_LIMIT: u32 = 200;

/// An answer, or an ask that failed.
#[derive(Serialize)]
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
    analysis_date: DateTime<Utc>,
    brand_mentioned: bool,
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
    full_response: String,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    /// Nothing where no price is known: that is not free.
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
        let FullAnswer {
            row,
            body,
            citations,
            judged,
        } = answer;
        Self {
            id: row.id,
            run_id: row.run_id,
            query_id: row.prompt_id,
            query_text: row.prompt_text,
            llm_provider: row.provider,
            model_id: row.model_id,
            model_display_name: row.model_name,
            model_requested: body.model_requested,
            model_served: body.model_served,
            analysis_date: row.at,
            brand_mentioned: row.source != MentionSource::None,
            source: row.source,
            mention_count: row.text_count,
            position_in_list: row.rank,
            total_items_in_list: row.list_total,
            sentiment: judged.map(|tone| tone.sentiment),
            sentiment_score: judged.map(|tone| thousandths(tone.score_thousandths)),
            competitors_mentioned: row.competitors,
            citations,
            full_response: body.full_response,
            input_tokens: body.input_tokens,
            output_tokens: body.output_tokens,
            cost_usd: (row.cost_kind != CostKind::Unpriced).then_some(Usd(row.cost)),
            cost_kind: row.cost_kind,
            response_time_ms: row.latency_ms,
            outcome: row.outcome,
            error_class: row.error_class,
            error_message: body.error_message,
            simulated: row.simulated,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 1,000")]
fn thousandths(score: i64) -> f64 {
    score as f64 / 1_000.0
}

/// A page of answers, the newest first.
#[derive(Serialize)]
pub(super) struct AnswerList {
    results: Vec<Answer>,
    /// Answers that the filters let through, on all pages.
    total: i64,
    /// There are more than `total`: counting ended there.
    total_is_at_least: bool,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// `GET /projects/{id}/results`
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<AnswerList> {
    let (from, to) = params.open_period();
    let filter = AnswerFilter {
        project_id,
        from,
        to,
        run_id: params.number("run_id"),
        model_id: params.number("model_id"),
        provider: params.provider("llm_provider"),
        prompt_id: params.number("query_id"),
        mentioned: params.flag("mentioned"),
        before: params.number("cursor"),
        limit: params.within("limit", (1, MAX_LIMIT)),
        ..AnswerFilter::default()
    };
    params.done()?;
    let page = services.full_answers(filter).await?;
    Ok(success(AnswerList {
        results: page.answers.into_iter().map(Answer::from).collect(),
        total: page.total,
        total_is_at_least: page.is_at_least,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}
