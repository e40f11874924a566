//! An answer as it is shown.

use app::model::answer::{CitationView, MentionSource, Sentiment};
use app::model::ids::{AnswerId, ModelId, PromptId, RunId};
use app::model::outcome::{ErrorClass, Outcome};
use app::model::provider::Provider;
use app::model::run::CostKind;
use app::model::served::is_other_model;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::{Usd, thousandths};
use crate::services::answers::FullAnswer;

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
    outcome: Outcome,
    error_class: Option<ErrorClass>,
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
