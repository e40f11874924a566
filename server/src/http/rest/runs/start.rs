//! A run is started, and waited for where the caller wants to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use app::api::error::ErrorCode;
use app::api::runs::RunsPort;
use app::model::ids::{ModelId, ProjectId, RunId};
use app::model::provider::Provider;
use app::model::run::{RunStatus, RunView};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::completeness;
use crate::http::at_work::Underway;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::{Params, parameters};
use crate::http::rest::reply::{Success, Usd, success, two_decimals};
use crate::http::streams::EventStreams;
use crate::services::{Services, runs};

/// How often a caller that waits has the run looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A run was started.
#[derive(Serialize, ToSchema)]
struct Started {
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

impl From<runs::EndedModel> for EndedModel {
    fn from(model: runs::EndedModel) -> Self {
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
struct Ended {
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

parameters! {
    /// When the answer comes.
    pub(in crate::http::rest) struct StartParams {
        /// Answer only when the run is over
        wait: Option<bool>,
    }
}

/// Starts a run
#[utoipa::path(
    post,
    path = "/projects/{id}/analyze",
    operation_id = "start_run",
    tag = "runs",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        StartParams,
    ),
    responses(
        (status = 202, description = "The run has begun", body = Success<Started>),
        (status = 200, description = "The run is over", body = Success<Ended>),
    ),
)]
pub(in crate::http::rest) async fn start(
    State(streams): State<Arc<EventStreams>>,
    Extension(underway): Extension<Underway>,
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<StartParams>,
) -> Result<Response, Problem> {
    let wait = params.done()?.wait.unwrap_or(false);
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
        services.check_still_allowed().await?;
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
