//! `/projects/{id}/metrics` and `/projects/{id}/snapshots`: the numbers, day by day and pooled.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId};
use app::model::metrics::SnapshotSums;
use app::model::money::Spend;
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::changes::{ChangeView, Compare, changes};
use super::params::{Params, Period, PeriodParams};
use super::reply::{Reply, Success, Usd, mean, percentage, success};
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;
use crate::services::snapshots::{SnapshotFilter, SnapshotPage, SnapshotRow, Surfaces};

/// Rows a page of snapshots.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;

/// How the brand is talked about, by a judge; nothing where no judge has read its answers.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = SentimentCounts)]
pub(super) struct Sentiment {
    positive: i64,
    neutral: i64,
    negative: i64,
}

impl Sentiment {
    fn of(sums: &SnapshotSums) -> Option<Self> {
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
pub(super) struct Snapshot {
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

/// Snapshots of a provider or model, pooled: ratios of sums.
#[derive(Clone, Copy, Default)]
struct Pool {
    sums: SnapshotSums,
    plain: SnapshotSums,
    snapshots: usize,
}

impl Pool {
    fn add(&mut self, row: &SnapshotRow) {
        self.sums += row.sums;
        self.plain += row.plain;
        self.snapshots += 1;
    }
}

/// The pooled numbers of a provider or model.
#[derive(Serialize, ToSchema)]
struct Pooled {
    avg_mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice_all: Option<f64>,
    total_queries: i64,
    total_cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    total_snapshots: usize,
}

impl From<Pool> for Pooled {
    fn from(pool: Pool) -> Self {
        let sums = pool.sums;
        Self {
            avg_mention_rate: percentage(sums.visibility()),
            avg_position: mean(sums.average_position()),
            share_of_voice: percentage(pool.plain.share_of_voice()),
            weighted_share_of_voice: percentage(pool.plain.weighted_share_of_voice()),
            share_of_voice_all: percentage(sums.share_of_voice()),
            weighted_share_of_voice_all: percentage(sums.weighted_share_of_voice()),
            total_queries: sums.answers,
            total_cost_usd: Usd(sums.cost),
            cost_is_at_least: sums.spend().is_at_least,
            simulated_cost_usd: Usd(sums.simulated_cost),
            total_snapshots: pool.snapshots,
        }
    }
}

/// The pooled numbers of one model.
#[derive(Serialize, ToSchema)]
struct PooledModel {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    #[serde(flatten)]
    metrics: Pooled,
}

/// Everything of the period in one.
#[derive(Serialize, ToSchema)]
struct Aggregated {
    total_snapshots: usize,
    /// What the ledger has of this period for the project's asks: the sum of its snapshots.
    total_cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// What it has beside them, of no snapshot here: suggested questions, corrections of past costs,
    /// and what a judge was paid for simulated answers that are left out. With `total_cost_usd` it
    /// is what `/usage` has for the project.
    other_cost_usd: Usd,
    total_queries_analyzed: i64,
    metrics_by_llm: BTreeMap<Provider, Pooled>,
    metrics_by_model: Vec<PooledModel>,
}

impl Aggregated {
    fn of(rows: &[SnapshotRow], beside: Spend) -> Self {
        let mut all = Pool::default();
        let mut by_provider: BTreeMap<Provider, Pool> = BTreeMap::new();
        let mut by_model: BTreeMap<(Provider, ModelId), (String, Pool)> = BTreeMap::new();
        for row in rows {
            all.add(row);
            by_provider.entry(row.provider).or_default().add(row);
            by_model
                .entry((row.provider, row.model_id))
                .or_insert_with(|| (row.model_name.clone(), Pool::default()))
                .1
                .add(row);
        }
        Self {
            total_snapshots: all.snapshots,
            total_cost_usd: Usd(all.sums.cost),
            cost_is_at_least: (all.sums.spend() + beside).is_at_least,
            simulated_cost_usd: Usd(all.sums.simulated_cost),
            other_cost_usd: Usd(beside.amount),
            total_queries_analyzed: all.sums.answers,
            metrics_by_llm: by_provider
                .into_iter()
                .map(|(provider, pool)| (provider, pool.into()))
                .collect(),
            metrics_by_model: by_model
                .into_iter()
                .map(
                    |((llm_provider, model_id), (model_display_name, pool))| PooledModel {
                        model_id,
                        llm_provider,
                        model_display_name,
                        metrics: pool.into(),
                    },
                )
                .collect(),
        }
    }
}

/// The newest numbers of one provider.
#[derive(Serialize, ToSchema)]
pub(super) struct Latest {
    snapshot_date: NaiveDate,
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    sentiment: Option<Sentiment>,
    total_queries: i64,
}

/// Pools the rows of each provider's newest day.
pub(super) fn latest(rows: &[SnapshotRow]) -> BTreeMap<Provider, Latest> {
    let mut newest: BTreeMap<Provider, (NaiveDate, Pool)> = BTreeMap::new();
    for row in rows {
        let (_, pool) = newest
            .entry(row.provider)
            .or_insert((row.day, Pool::default()));
        pool.add(row);
    }
    let latest = |(day, pool): (NaiveDate, Pool)| Latest {
        snapshot_date: day,
        mention_rate: percentage(pool.sums.visibility()),
        avg_position: mean(pool.sums.average_position()),
        share_of_voice: percentage(pool.plain.share_of_voice()),
        share_of_voice_all: percentage(pool.sums.share_of_voice()),
        sentiment: Sentiment::of(&pool.sums),
        total_queries: pool.sums.answers,
    };
    newest
        .into_iter()
        .map(|(provider, pool)| (provider, latest(pool)))
        .collect()
}

/// Days, both of which count.
#[derive(Serialize, ToSchema)]
#[schema(as = Period)]
pub(super) struct PeriodView {
    start_date: NaiveDate,
    end_date: NaiveDate,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        Self {
            start_date: period.from,
            end_date: period.to,
        }
    }
}

/// An answer of `/projects/{id}/metrics`.
#[derive(Serialize, ToSchema)]
pub(super) struct Metrics {
    project_id: ProjectId,
    period: PeriodView,
    snapshots: Vec<Snapshot>,
    aggregated: Aggregated,
    /// How the numbers moved since the period of equal length before, with `compare=previous`.
    /// All of them were judged together.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<ChangeView>>,
}

/// An answer of `/projects/{id}/snapshots`.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotList {
    project_id: ProjectId,
    period: PeriodView,
    snapshots: Vec<Snapshot>,
    /// Snapshots of the period, on all pages.
    total: i64,
    limit: u32,
    offset: u32,
}

/// The numbers of a period, by day and pooled
#[utoipa::path(
    get,
    path = "/projects/{id}/metrics",
    operation_id = "show_metrics",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("llm_provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
        ("compare" = inline(Option<Compare>), Query, description = "With what the period is compared"),
    ),
    responses((status = 200, description = "The numbers", body = Success<Metrics>)),
)]
pub(super) async fn metrics(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<Metrics> {
    let filter = filter(&services, project_id, &mut params)?;
    let compare = params.word("compare", Compare::from_word);
    params.done()?;
    let page = services.snapshots(&filter, SnapshotPage::ALL).await?;
    let beside = services.spend_beside_snapshots(&filter).await?;
    let changes = match compare {
        Some(Compare::Previous) => Some(changes(&services, &filter, &page.rows).await?),
        None => None,
    };
    Ok(success(Metrics {
        project_id,
        period: PeriodView {
            start_date: filter.from,
            end_date: filter.to,
        },
        snapshots: page.rows.iter().map(Snapshot::from).collect(),
        aggregated: Aggregated::of(&page.rows, beside),
        changes,
    }))
}

/// The numbers of each model and day
#[utoipa::path(
    get,
    path = "/projects/{id}/snapshots",
    operation_id = "list_snapshots",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("llm_provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
        ("limit" = Option<u32>, Query, description = "Rows a page, 1 to 500"),
        ("offset" = Option<u32>, Query, description = "Rows to leave out"),
    ),
    responses((status = 200, description = "A page of snapshots, the newest first", body = Success<SnapshotList>)),
)]
pub(super) async fn snapshots(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<SnapshotList> {
    let filter = filter(&services, project_id, &mut params)?;
    let limit = params
        .within("limit", (1, MAX_LIMIT))
        .unwrap_or(DEFAULT_LIMIT);
    let offset = params.within("offset", (0, u32::MAX)).unwrap_or(0);
    params.done()?;
    let page = SnapshotPage {
        limit: Some(limit.into()),
        offset: offset.into(),
    };
    let found = services.snapshots(&filter, page).await?;
    Ok(success(SnapshotList {
        project_id,
        period: PeriodView {
            start_date: filter.from,
            end_date: filter.to,
        },
        snapshots: found.rows.iter().map(Snapshot::from).collect(),
        total: found.total,
        limit,
        offset,
    }))
}

fn filter(
    services: &Services,
    project_id: ProjectId,
    params: &mut Params,
) -> Result<SnapshotFilter, Problem> {
    let period = params.period(services.today()?);
    let provider = params.provider("llm_provider");
    let made_up = params.flag("simulated").unwrap_or(false);
    Ok(SnapshotFilter {
        project_id,
        from: period.from,
        to: period.to,
        provider,
        surfaces: if made_up {
            Surfaces::MadeUp
        } else {
            Surfaces::RealFirst
        },
    })
}
