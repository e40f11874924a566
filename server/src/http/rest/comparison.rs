//! `/projects/{id}/comparison`: the providers side by side.

use std::collections::BTreeMap;

use app::model::comparison::ProviderDay;
use app::model::ids::ProjectId;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{Params, Period, Simulated};
use super::reply::{PeriodView, Reply, Success, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;
use crate::services::sums::ComparisonRow;

/// One provider on one day.
#[derive(Clone, Serialize, ToSchema)]
struct Compared {
    llm_provider: Provider,
    snapshot_date: NaiveDate,
    /// Percent of the answers.
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice_all: Option<f64>,
    /// The mean score of a judge, from -1 to 1; nothing where none has read the answers.
    sentiment_score: Option<f64>,
    /// What the judge finds to speak well, less what speaks ill, out of all that it judged: from
    /// -1 to 1.
    net_sentiment: Option<f64>,
    /// Answers without a visible text, which are in no rate.
    queries_without_text: i64,
    /// Answers that the rates are made of: `n`.
    total_queries: i64,
    total_mentions: i64,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

impl From<&ComparisonRow> for Compared {
    fn from(day: &ComparisonRow) -> Self {
        let ProviderDay {
            provider,
            day: snapshot_date,
            sums,
        } = day.compared;
        Self {
            llm_provider: provider,
            snapshot_date,
            mention_rate: day.mention_rate.map(two_decimals),
            avg_position: day.avg_position.map(two_decimals),
            share_of_voice: day.share_of_voice.map(two_decimals),
            weighted_share_of_voice: day.weighted_share_of_voice.map(two_decimals),
            share_of_voice_all: day.share_of_voice_all.map(two_decimals),
            weighted_share_of_voice_all: day.weighted_share_of_voice_all.map(two_decimals),
            sentiment_score: day.sentiment_score.map(two_decimals),
            net_sentiment: day.net_sentiment.map(two_decimals),
            queries_without_text: day.without_text,
            total_queries: sums.answers,
            total_mentions: sums.mentions,
            simulated: sums.simulated > 0,
        }
    }
}

/// The providers of a project side by side.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Comparison {
    project_id: ProjectId,
    period: PeriodView,
    /// The first day first.
    comparison: Vec<Compared>,
    /// The same, by day and provider.
    by_date: BTreeMap<NaiveDate, BTreeMap<Provider, Compared>>,
}

/// The providers of a project side by side, day by day
#[utoipa::path(
    get,
    path = "/projects/{id}/comparison",
    operation_id = "compare_providers",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        Simulated,
    ),
    responses((status = 200, description = "The rows of llm_visibility_comparison", body = Success<Comparison>)),
)]
pub(super) async fn compare(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, Simulated)>,
) -> Reply<Comparison> {
    let (period, simulated) = params.done()?;
    let days = services
        .comparison(project_id, period.days(), simulated.only())
        .await?;
    let comparison: Vec<Compared> = days.iter().map(Compared::from).collect();
    let mut by_date: BTreeMap<NaiveDate, BTreeMap<Provider, Compared>> = BTreeMap::new();
    for row in &comparison {
        by_date
            .entry(row.snapshot_date)
            .or_default()
            .insert(row.llm_provider, row.clone());
    }
    Ok(success(Comparison {
        project_id,
        period: period.into(),
        comparison,
        by_date,
    }))
}
