//! Runs: start, watch, cancel, ask again what failed.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::{ProjectId, RunId};
use crate::model::run::{Lately, RunView, RunsPage};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait RunsPort {
    /// Plans a run of a project; workers take it up at once.
    async fn start_run(&self, project_id: ProjectId) -> Result<RunView, ApiError>;
    /// One run. Its progress also comes as server-sent events from `/api/runs/{id}/events`.
    async fn run(&self, run_id: RunId) -> Result<RunView, ApiError>;
    /// 50 runs of a project, the newest first, after so many newer ones.
    async fn list_runs(&self, project_id: ProjectId, after: u32) -> Result<RunsPage, ApiError>;
    /// The runs of the workspace that go on or have just ended, and what needs somebody. Both also
    /// come as server-sent events from `/api/runs/events`.
    async fn lately(&self) -> Result<Lately, ApiError>;
    /// Has the asks of a run that failed asked again, by a run of their own. Asked twice, it gives
    /// the same run.
    async fn retry_run(&self, run_id: RunId) -> Result<RunView, ApiError>;
    /// Stops a run: asks not yet sent are dropped, those in flight are settled.
    async fn cancel_run(&self, run_id: RunId) -> Result<RunView, ApiError>;
    /// Has the judge take up what it left of a run's answers.
    async fn judge_run(&self, run_id: RunId) -> Result<RunView, ApiError>;
}

/// Plans a run of a project; workers take it up at once.
#[server(name = StartRunCall, prefix = "/api/fn", endpoint = "runs/start", protocol = Call)]
pub async fn start_run(project_id: ProjectId) -> Result<RunView, ApiError> {
    super::ports()?.start_run(project_id).await
}

/// One run. Its progress also comes as server-sent events from `/api/runs/{id}/events`.
#[server(name = RunCall, prefix = "/api/fn", endpoint = "runs/get", protocol = Read)]
pub async fn run(run_id: RunId) -> Result<RunView, ApiError> {
    super::ports()?.run(run_id).await
}

/// 50 runs of a project, the newest first, after so many newer ones.
#[server(name = ListRunsCall, prefix = "/api/fn", endpoint = "runs/list", protocol = Read)]
pub async fn list_runs(project_id: ProjectId, after: u32) -> Result<RunsPage, ApiError> {
    super::ports()?.list_runs(project_id, after).await
}

/// The runs of the workspace that go on or have just ended, and what needs somebody. Both also come
/// as server-sent events from `/api/runs/events`.
#[server(name = LatelyCall, prefix = "/api/fn", endpoint = "runs/late", protocol = Read)]
pub async fn lately() -> Result<Lately, ApiError> {
    super::ports()?.lately().await
}

/// Has the asks of a run that failed asked again, by a run of their own. Asked twice, it gives the
/// same run.
#[server(name = RetryRunCall, prefix = "/api/fn", endpoint = "runs/retry", protocol = Call)]
pub async fn retry_run(run_id: RunId) -> Result<RunView, ApiError> {
    super::ports()?.retry_run(run_id).await
}

/// Stops a run: asks not yet sent are dropped, those in flight are settled.
#[server(name = CancelRunCall, prefix = "/api/fn", endpoint = "runs/cancel", protocol = Call)]
pub async fn cancel_run(run_id: RunId) -> Result<RunView, ApiError> {
    super::ports()?.cancel_run(run_id).await
}

/// Has the judge take up what it left of a run's answers.
#[server(name = JudgeRunCall, prefix = "/api/fn", endpoint = "runs/judge", protocol = Call)]
pub async fn judge_run(run_id: RunId) -> Result<RunView, ApiError> {
    super::ports()?.judge_run(run_id).await
}
