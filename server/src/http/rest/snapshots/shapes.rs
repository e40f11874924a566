//! The numbers of one project, model and day as they are shown.

use app::model::ids::ModelId;
use app::model::metrics::SnapshotSums;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::{Usd, mean, percentage};
use crate::services::sums::SnapshotRow;

/// How the brand is talked about, by a judge; nothing where no judge has read its answers.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = SentimentCounts)]
pub(super) struct Sentiment {
    positive: i64,
    neutral: i64,
    negative: i64,
}

impl Sentiment {
    pub(super) fn of(sums: &SnapshotSums) -> Option<Self> {
        let judged = sums.judged;
        (judged.judged() > 0).then_some(Self {
            positive: judged.positive,
            neutral: judged.neutral,
            negative: judged.negative,
        })
    }
}

/// The numbers of one project, model and day.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(in crate::http::rest) struct Snapshot {
    id: i64,
    llm_provider: Provider,
    model_id: ModelId,
    model_display_name: String,
    snapshot_date: NaiveDate,
    /// Percent of the answers.
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    top3_count: i64,
    top5_count: i64,
    top10_count: i64,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice_all: Option<f64>,
    sentiment: Option<Sentiment>,
    /// Answers that the rates are made of.
    total_queries: i64,
    total_mentions: i64,
    /// Answers without a visible text, which are in no rate.
    queries_without_text: i64,
    /// The names that the model answered under on this day.
    models_served: Vec<String>,
    /// Asks that brought no answer.
    failed_queries: i64,
    avg_response_time_ms: Option<f64>,
    total_tokens: i64,
    /// What the ledger has of this day for these asks: answers, also those that do not
    /// count, lost attempts and a judge.
    total_cost: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

impl From<&SnapshotRow> for Snapshot {
    fn from(row: &SnapshotRow) -> Self {
        let sums = &row.sums;
        Self {
            id: row.id,
            llm_provider: row.provider,
            model_id: row.model_id,
            model_display_name: row.model_name.clone(),
            snapshot_date: row.day,
            mention_rate: percentage(sums.visibility()),
            avg_position: mean(sums.average_position()),
            top3_count: sums.top3,
            top5_count: sums.top5,
            top10_count: sums.top10,
            share_of_voice: percentage(row.plain.share_of_voice()),
            weighted_share_of_voice: percentage(row.plain.weighted_share_of_voice()),
            share_of_voice_all: percentage(sums.share_of_voice()),
            weighted_share_of_voice_all: percentage(sums.weighted_share_of_voice()),
            sentiment: Sentiment::of(sums),
            total_queries: sums.answers,
            total_mentions: sums.mentions,
            queries_without_text: sums.without_text,
            models_served: row.served.clone(),
            failed_queries: row.sums.failed,
            avg_response_time_ms: mean(sums.average_latency_ms()),
            total_tokens: sums.tokens,
            total_cost: Usd(sums.cost),
            cost_is_at_least: sums.spend().is_at_least,
            simulated_cost_usd: Usd(sums.simulated_cost),
            simulated: row.sums.simulated > 0,
        }
    }
}
