//! A run as it is shown.

use std::collections::BTreeMap;

use app::api::error::ErrorCode;
use app::api::projects::ProjectsPort;
use app::api::runs::RunsPort;
use app::model::ids::{ModelId, ProjectId, RunId};
use app::model::metrics::Ratio;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{AskFailures, LaneStatus, LaneView, RunStatus, RunView, Trigger};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::Problem;
use crate::http::rest::reply::{Usd, percentage};
use crate::services::Services;

/// A run.
#[derive(Serialize, ToSchema)]
pub(super) struct Run {
    id: RunId,
    project_id: ProjectId,
    status: RunStatus,
    trigger: Trigger,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    asks_total: i64,
    /// Asks that were answered.
    asks_done: i64,
    /// Of those, answers without a visible text: they are in no number.
    asks_without_text: i64,
    asks_failed: i64,
    /// Asks that were not sent: cancelled, or over budget.
    asks_dropped: i64,
    /// What the ledger has for it, a judge included.
    cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// Percent of a provider's asks that were answered with a text.
    completeness_by_llm: BTreeMap<Provider, f64>,
    models: Vec<RunModel>,
    /// The run whose failed asks it asks again.
    retry_of: Option<RunId>,
    /// The run that asks its failed asks again.
    retried_by: Option<RunId>,
}

/// The asks of a run that go to one model.
#[derive(Serialize, ToSchema)]
struct RunModel {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    status: LaneStatus,
    asks_total: i64,
    asks_done: i64,
    /// Of those, answers without a visible text.
    asks_without_text: i64,
    asks_failed: i64,
    asks_dropped: i64,
    /// What the ledger has for these asks, without a judge.
    cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// Why no more was asked.
    end_reason: Option<ErrorClass>,
    /// Why asks failed, the most frequent reason first.
    failures: Vec<RunFailures>,
}

/// Asks that failed for one reason.
#[derive(Serialize, ToSchema)]
struct RunFailures {
    error_class: ErrorClass,
    asks: i64,
}

impl From<AskFailures> for RunFailures {
    fn from(failures: AskFailures) -> Self {
        Self {
            error_class: failures.class,
            asks: failures.asks,
        }
    }
}

impl From<LaneView> for RunModel {
    fn from(lane: LaneView) -> Self {
        let (spend, simulated_cost) = (lane.spend(), lane.simulated_cost());
        Self {
            model_id: lane.model_id,
            llm_provider: lane.provider,
            model_display_name: lane.model_name,
            status: lane.status,
            asks_total: lane.total,
            asks_done: lane.answered,
            asks_without_text: lane.without_text,
            asks_failed: lane.failed,
            asks_dropped: lane.dropped,
            cost_usd: Usd(spend.amount),
            cost_is_at_least: spend.is_at_least,
            simulated_cost_usd: Usd(simulated_cost),
            end_reason: lane.end_reason,
            failures: lane.failures.into_iter().map(RunFailures::from).collect(),
        }
    }
}

impl From<RunView> for Run {
    fn from(run: RunView) -> Self {
        Self {
            id: run.id,
            project_id: run.project_id,
            status: run.status,
            trigger: run.trigger,
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            asks_total: run.total(),
            asks_done: run.answered(),
            asks_without_text: run.without_text(),
            asks_failed: run.failed(),
            asks_dropped: run.dropped(),
            cost_usd: Usd(run.cost()),
            cost_is_at_least: run.spend().is_at_least,
            simulated_cost_usd: Usd(run.simulated_cost()),
            completeness_by_llm: completeness(&run),
            retry_of: run.retry_of,
            retried_by: run.retried_by,
            models: run.lanes.into_iter().map(RunModel::from).collect(),
        }
    }
}

pub(super) fn completeness(run: &RunView) -> BTreeMap<Provider, f64> {
    let mut shares: BTreeMap<Provider, Ratio> = BTreeMap::new();
    for lane in &run.lanes {
        let share = shares.entry(lane.provider).or_default();
        *share = *share + lane.completeness();
    }
    shares
        .into_iter()
        .filter_map(|(provider, share)| Some((provider, percentage(share)?)))
        .collect()
}

/// An answer of `/projects/{id}/runs/{run_id}`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct RunReply {
    pub(super) run: Run,
}

pub(super) async fn of_project(
    services: &Services,
    project_id: ProjectId,
    run_id: RunId,
) -> Result<RunView, Problem> {
    services.project(project_id).await?;
    let run = services.run(run_id).await?;
    if run.project_id == project_id {
        Ok(run)
    } else {
        Err(Problem::plain(ErrorCode::NotFound, services.language()))
    }
}
