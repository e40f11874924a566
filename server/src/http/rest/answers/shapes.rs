//! An answer as it is shown.

use app::model::answer::{CitationView, MentionSource, Sentiment, ToneBy};
use app::model::ids::{AnswerId, ModelId, PromptId, RunId};
use app::model::metrics::tone_score;
use app::model::outcome::{ErrorClass, Outcome};
use app::model::provider::Provider;
use app::model::run::CostKind;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::Usd;
use crate::services::answers::CitingAnswer;

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

impl From<CitingAnswer> for Answer {
    fn from(answer: CitingAnswer) -> Self {
        let judged = answer.judged.said_by(ToneBy::Judge);
        let record = answer.record;
        let served_another = record.served_another();
        let row = record.row;
        Self {
            id: row.id,
            run_id: row.run_id,
            cost_usd: row.known_cost().map(Usd),
            query_id: row.prompt_id,
            query_text: row.prompt_text,
            llm_provider: row.provider,
            model_id: row.model_id,
            model_display_name: row.model_name,
            served_another,
            model_requested: record.model_requested,
            model_served: record.model_served,
            analysis_date: row.at,
            brand_mentioned: row.source.is_named(),
            source: row.source,
            mention_count: row.text_count,
            position_in_list: row.rank,
            total_items_in_list: row.list_total,
            sentiment: judged.map(|tone| tone.sentiment),
            sentiment_score: judged.map(|tone| tone_score(tone.score_thousandths)),
            competitors_mentioned: row.competitors,
            citations: answer.citations,
            search_queries: record.search_queries,
            full_response: record.text,
            input_tokens: record.input_tokens,
            output_tokens: record.output_tokens,
            cost_kind: row.cost_kind,
            response_time_ms: row.latency_ms,
            outcome: row.outcome,
            error_class: row.error_class,
            error_message: record.error_message,
            simulated: row.simulated,
        }
    }
}
