//! The numbers of a period, by day and pooled.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId};
use app::model::money::Spend;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use super::changes::{ChangeView, Compare, changes};
use crate::http::path::Ids;
use crate::http::rest::params::{OfProvider, Params, Period, Simulated, parameters};
use crate::http::rest::reply::{PeriodView, Reply, Success, Usd, mean, percentage, success};
use crate::http::rest::snapshots::filter::filter_of;
use crate::http::rest::snapshots::pool::Pool;
use crate::http::rest::snapshots::shapes::Snapshot;
use crate::services::Services;
use crate::services::sums::{SnapshotPage, SnapshotRow};

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

/// An answer of `/projects/{id}/metrics`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Metrics {
    project_id: ProjectId,
    period: PeriodView,
    snapshots: Vec<Snapshot>,
    aggregated: Aggregated,
    /// How the numbers moved since the period of equal length before, with `compare=previous`.
    /// All of them were judged together.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<ChangeView>>,
}

parameters! {
    /// What is added to the numbers.
    pub(in crate::http::rest) struct MetricsParams {
        /// With what the period is compared
        #[param(inline)]
        compare: Option<Compare>,
    }
}

/// The numbers of a period, by day and pooled
#[utoipa::path(
    get,
    path = "/projects/{id}/metrics",
    operation_id = "show_metrics",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        OfProvider,
        Simulated,
        MetricsParams,
    ),
    responses((status = 200, description = "The numbers", body = Success<Metrics>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfProvider, Simulated, MetricsParams)>,
) -> Reply<Metrics> {
    let (period, of_provider, simulated, added) = params.done()?;
    let filter = filter_of(project_id, period, of_provider, simulated);
    let page = services.snapshots(&filter, SnapshotPage::ALL).await?;
    let beside = services.spend_beside_snapshots(&filter).await?;
    let changes = match added.compare {
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
