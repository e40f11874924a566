//! `/projects/{id}/analyze` and `/projects/{id}/runs`: start a run, watch it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use app::api::error::ErrorCode;
use app::api::projects::ProjectsPort;
use app::api::runs::RunsPort;
use app::model::ids::{ModelId, ProjectId, RunId};
use app::model::metrics::Ratio;
use app::model::provider::Provider;
use app::model::run::{LaneStatus, LaneView, RunStatus, RunView, Trigger};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::Params;
use super::reply::{Reply, Success, Usd, percentage, success, two_decimals};
use super::shapes::RunEvent;
use crate::http::at_work::Underway;
use crate::http::events::run_events;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::streams::EventStreams;
use crate::services::{self, Services};

/// Runs a page, where the caller says nothing and at most.
const LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// How often a caller that waits has the run looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

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
    /// Why no more was asked, as an error class.
    end_reason: Option<String>,
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
            asks_dropped: run.lanes.iter().map(|lane| lane.dropped).sum(),
            cost_usd: Usd(run.cost()),
            cost_is_at_least: run.spend().is_at_least,
            simulated_cost_usd: Usd(run.simulated_cost()),
            completeness_by_llm: completeness(&run),
            models: run.lanes.into_iter().map(RunModel::from).collect(),
        }
    }
}

fn completeness(run: &RunView) -> BTreeMap<Provider, f64> {
    let mut shares: BTreeMap<Provider, Ratio> = BTreeMap::new();
    for lane in &run.lanes {
        let share = shares.entry(lane.provider).or_default();
        *share = *share + Ratio::new(lane.with_text(), lane.total);
    }
    shares
        .into_iter()
        .filter_map(|(provider, share)| Some((provider, percentage(share)?)))
        .collect()
}

/// Providers of which at least one ask has no answer with a text, also where rounding hides it.
fn incomplete(run: &RunView) -> Vec<Provider> {
    let mut providers: Vec<Provider> = run
        .lanes
        .iter()
        .filter(|lane| lane.with_text() < lane.total)
        .map(|lane| lane.provider)
        .collect();
    providers.sort_unstable();
    providers.dedup();
    providers
}

/// A run was started.
#[derive(Serialize, ToSchema)]
pub(super) struct Started {
    run_id: RunId,
    /// Models of the project that this run leaves out, because their providers took them away.
    ended_models: Vec<EndedModel>,
}

/// A model that is not asked any more.
#[derive(Serialize, ToSchema)]
struct EndedModel {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    ended_at: DateTime<Utc>,
}

impl From<services::EndedModel> for EndedModel {
    fn from(model: services::EndedModel) -> Self {
        Self {
            model_id: model.id,
            llm_provider: model.provider,
            model_display_name: model.name,
            ended_at: model.ended_at,
        }
    }
}

/// A run has ended.
#[expect(
    clippy::struct_field_names,
    reason = "fields are named as REST names them"
)]
#[derive(Serialize, ToSchema)]
pub(super) struct Ended {
    run_id: RunId,
    /// Models of the project that this run has left out, because their providers took them away.
    ended_models: Vec<EndedModel>,
    results: RunResults,
}

/// What came of a run.
#[derive(Serialize, ToSchema)]
struct RunResults {
    project_id: ProjectId,
    status: RunStatus,
    duration_seconds: f64,
    /// Asks that were sent: answered or failed.
    total_queries_executed: i64,
    /// Providers that were asked.
    llms_analyzed: usize,
    total_cost_usd: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    completeness_by_llm: BTreeMap<Provider, f64>,
    incomplete_llms: Vec<Provider>,
}

impl From<&RunView> for RunResults {
    fn from(run: &RunView) -> Self {
        let began = run.started_at.unwrap_or(run.created_at);
        let duration = run
            .finished_at
            .and_then(|ended| (ended - began).to_std().ok())
            .unwrap_or_default();
        let completeness_by_llm = completeness(run);
        Self {
            project_id: run.project_id,
            status: run.status,
            duration_seconds: two_decimals(duration.as_secs_f64()),
            total_queries_executed: run.answered() + run.failed(),
            llms_analyzed: completeness_by_llm.len(),
            total_cost_usd: Usd(run.cost()),
            cost_is_at_least: run.spend().is_at_least,
            simulated_cost_usd: Usd(run.simulated_cost()),
            completeness_by_llm,
            incomplete_llms: incomplete(run),
        }
    }
}

/// An answer of `/projects/{id}/runs`.
#[derive(Serialize, ToSchema)]
pub(super) struct RunList {
    runs: Vec<Run>,
    /// On all pages.
    total: i64,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// An answer of `/projects/{id}/runs/{run_id}`.
#[derive(Serialize, ToSchema)]
pub(super) struct RunReply {
    run: Run,
}

/// Starts a run
#[utoipa::path(
    post,
    path = "/projects/{id}/analyze",
    operation_id = "start_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("wait" = Option<bool>, Query, description = "Answer only when the run is over"),
    ),
    responses(
        (status = 202, description = "The run has begun", body = Success<Started>),
        (status = 200, description = "The run is over", body = Success<Ended>),
    ),
)]
pub(super) async fn analyze(
    State(streams): State<Arc<EventStreams>>,
    Extension(underway): Extension<Underway>,
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Result<Response, Problem> {
    let wait = params.flag("wait").unwrap_or(false);
    params.done()?;
    // Who waits holds a connection as a stream does, and as long.
    let _open = wait.then(|| streams.open(&services)).transpose()?;
    let left_out = services.ended_models(project_id).await?;
    let ended_models: Vec<EndedModel> = left_out.into_iter().map(EndedModel::from).collect();
    let run_id = services.start_run_by_api(project_id).await?.id;
    if !wait {
        let started = Started {
            run_id,
            ended_models,
        };
        return Ok((StatusCode::ACCEPTED, success(started)).into_response());
    }
    underway.only_waits();
    let run = ended(&services, run_id).await?;
    Ok(success(Ended {
        run_id,
        ended_models,
        results: RunResults::from(&run),
    })
    .into_response())
}

/// Waits until a run is over. The run goes its way also where nobody waits any more: workers
/// do not know who started it.
async fn ended(services: &Services, run_id: RunId) -> Result<RunView, Problem> {
    loop {
        services.still_may().await?;
        let run = services.run(run_id).await?;
        if run.status.is_over() {
            return Ok(run);
        }
        let closing = &services.host().closing;
        let waited = closing.run_until_cancelled(tokio::time::sleep(LOOK_EVERY));
        if waited.await.is_none() {
            return Err(Problem::plain(ErrorCode::Unavailable, services.language()));
        }
    }
}

/// The runs of a project, the newest first
#[utoipa::path(
    get,
    path = "/projects/{id}/runs",
    operation_id = "list_runs",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("limit" = Option<u32>, Query, description = "Rows a page, 50 where it is missing", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of runs", body = Success<RunList>)),
)]
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<RunList> {
    let limit = params.within("limit", (1, MAX_LIMIT)).unwrap_or(LIMIT);
    let before = params.number("cursor");
    params.done()?;
    let page = services.runs_page(project_id, before, limit.into()).await?;
    Ok(success(RunList {
        runs: page.runs.into_iter().map(Run::from).collect(),
        total: page.total,
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

/// One run
#[utoipa::path(
    get,
    path = "/projects/{id}/runs/{run_id}",
    operation_id = "show_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(super) async fn show(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    let run = of_project(&services, project_id, run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}

/// Stops a run
///
/// Asks that are under way are waited for, the others are not sent.
#[utoipa::path(
    post,
    path = "/projects/{id}/runs/{run_id}/cancel",
    operation_id = "cancel_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(super) async fn cancel(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    of_project(&services, project_id, run_id).await?;
    let run = services.cancel_run(run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}

/// Has a judge read the answers of a run that it has not read yet
#[utoipa::path(
    post,
    path = "/projects/{id}/runs/{run_id}/judge",
    operation_id = "judge_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "The run", body = Success<RunReply>)),
)]
pub(super) async fn judge(
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Reply<RunReply> {
    of_project(&services, project_id, run_id).await?;
    let run = services.judge_run(run_id).await?;
    Ok(success(RunReply { run: run.into() }))
}

/// The progress of a run, as server-sent events
///
/// One event a change, each the whole run as the screen has it; the last one is called `end`.
#[utoipa::path(
    get,
    path = "/projects/{id}/runs/{run_id}/events",
    operation_id = "watch_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("run_id" = RunId, Path, description = "Run"),
    ),
    responses((status = 200, description = "Events until the run is over", body = RunEvent, content_type = "text/event-stream")),
)]
pub(super) async fn watch(
    streams: State<Arc<EventStreams>>,
    services: Services,
    Ids((project_id, run_id)): Ids<(ProjectId, RunId)>,
) -> Result<Response, Problem> {
    of_project(&services, project_id, run_id).await?;
    run_events(streams, services, Ids(run_id)).await
}

async fn of_project(
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
