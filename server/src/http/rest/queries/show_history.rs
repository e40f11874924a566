//! What came of a question, day by day.

use app::model::ids::{ModelId, ProjectId, PromptId};
use app::model::metrics::Interval;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::params::{Page, Params, Period};
use crate::http::rest::reply::{Reply, Success, Usd, mean, percentage, success, two_decimals};
use crate::services::Services;
use crate::services::projects::PromptDay;

/// What came of a question with one model on one day.
#[derive(Serialize, ToSchema)]
struct HistoryDay {
    snapshot_date: NaiveDate,
    llm_provider: Provider,
    model_id: ModelId,
    model_display_name: String,
    /// Answers that the rates are made of: `n`.
    total_queries: i64,
    total_mentions: i64,
    /// Percent of the answers, with its 95 % interval.
    mention_rate: Option<f64>,
    mention_rate_low: Option<f64>,
    mention_rate_high: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions; nothing for a question that names the brand itself.
    share_of_voice: Option<f64>,
    /// The same for any question.
    share_of_voice_all: Option<f64>,
    /// Answers without a visible text, which are in no rate.
    queries_without_text: i64,
    failed_queries: i64,
    total_cost: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

impl From<&PromptDay> for HistoryDay {
    fn from(day: &PromptDay) -> Self {
        let sums = &day.sums;
        // Repeats of one question are independent trials.
        let interval = sums.visibility().wilson().map(Interval::percent);
        Self {
            snapshot_date: day.day,
            llm_provider: day.provider,
            model_id: day.model_id,
            model_display_name: day.model_name.clone(),
            total_queries: sums.answers,
            total_mentions: sums.mentions,
            mention_rate: percentage(sums.visibility()),
            mention_rate_low: interval.map(|interval| two_decimals(interval.low)),
            mention_rate_high: interval.map(|interval| two_decimals(interval.high)),
            avg_position: mean(sums.average_position()),
            share_of_voice: percentage(sums.share_of_voice()).filter(|_| !day.is_branded),
            share_of_voice_all: percentage(sums.share_of_voice()),
            queries_without_text: sums.without_text,
            failed_queries: sums.failed,
            total_cost: Usd(sums.cost),
            cost_is_at_least: sums.spend().is_at_least,
            simulated_cost_usd: Usd(sums.simulated_cost),
            simulated: sums.simulated > 0,
        }
    }
}

/// What came of a question.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(in crate::http::rest) struct History {
    project_id: ProjectId,
    query_id: PromptId,
    query_text: String,
    history: Vec<HistoryDay>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What came of a question, day by day and model by model
#[utoipa::path(
    get,
    path = "/projects/{id}/queries/{query_id}/history",
    operation_id = "show_query_history",
    tag = "queries",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("query_id" = PromptId, Path, description = "Question"),
        Period,
        Page,
    ),
    responses((status = 200, description = "The newest day first", body = Success<History>)),
)]
pub(in crate::http::rest) async fn show_history(
    services: Services,
    Ids((project_id, prompt_id)): Ids<(ProjectId, PromptId)>,
    params: Params<(Period, Page)>,
) -> Reply<History> {
    let (period, page) = params.done()?;
    let (prompt, days) = services
        .prompt_history(project_id, prompt_id, period.days())
        .await?;
    let total = days.len();
    let (part, next_cursor) = page.cut(days);
    Ok(success(History {
        project_id,
        query_id: prompt_id,
        query_text: prompt.text,
        history: part.iter().map(HistoryDay::from).collect(),
        total,
        next_cursor,
    }))
}
