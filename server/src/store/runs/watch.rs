//! Runs: watched, cancelled, finished.

use std::collections::HashMap;
use std::time::Duration;

use app::model::ids::{LaneId, ModelId, ProjectId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{
    AskFailures, AskState, JudgePassView, LaneStatus, LaneView, RunStatus, RunView, RunsPage,
    Trigger,
};
use chrono::{DateTime, Utc};
use engine::RunSummary;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::store::judging::passes;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::columns::{count_if, sum};
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// One run with its lanes.
    pub async fn run(&self, workspace_id: WorkspaceId, run: RunId) -> StoreResult<RunView> {
        let row = self.live_run(workspace_id, run).await?;
        let whole = with_lanes(self.reader(), vec![row]).await?;
        whole.into_iter().next().ok_or(StoreError::NotFound)
    }

    /// A run of a project that is not deleted, without its lanes.
    async fn live_run(&self, workspace_id: WorkspaceId, run: RunId) -> StoreResult<RunView> {
        let rest = format!("{RUNS} WHERE r.id = $1 AND r.workspace_id = $2");
        let values = [run.0.into(), workspace_id.0.into()];
        let found = rows::select_one(self.reader(), rest, values).await?;
        let row: RunView = found.ok_or(StoreError::NotFound)?;
        project_exists(self.reader(), workspace_id, row.project_id).await?;
        Ok(row)
    }

    /// Runs of a project, the newest first, after so many newer ones, and how many it has.
    pub async fn runs_after(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        after: u32,
        limit: u64,
    ) -> StoreResult<RunsPage> {
        project_exists(self.reader(), workspace_id, project).await?;
        let total = count_runs(self.reader(), workspace_id, project).await?;
        let rest = format!(
            "{RUNS} WHERE r.project_id = $1 AND r.workspace_id = $2 \
             ORDER BY r.id DESC LIMIT $3 OFFSET $4"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [
            project.0.into(),
            workspace_id.0.into(),
            limit.into(),
            i64::from(after).into(),
        ];
        let found = rows::select(self.reader(), rest, values).await?;
        let runs = with_lanes(self.reader(), found).await?;
        Ok(RunsPage { runs, total })
    }

    /// The runs of a workspace in which something goes on, a judge included, and those that have
    /// ended within the last `late`; the newest first.
    pub async fn runs_of_late(
        &self,
        workspace_id: WorkspaceId,
        late: Duration,
    ) -> StoreResult<Vec<RunView>> {
        let rest = format!(
            "{RUNS} JOIN llm_monitoring_projects p ON p.id = r.project_id AND p.deleted_at IS NULL \
             WHERE r.id IN ( \
             SELECT o.id FROM llm_monitoring_analysis_runs o \
             WHERE o.workspace_id = $1 AND o.finished_at IS NULL \
             UNION SELECT e.id FROM llm_monitoring_analysis_runs e \
             WHERE e.workspace_id = $1 AND e.finished_at > $2 \
             UNION SELECT j.run_id FROM llm_monitoring_judge_passes j \
             WHERE j.workspace_id = $1 AND j.status IN ('queued', 'running') \
             UNION SELECT d.run_id FROM llm_monitoring_judge_passes d \
             WHERE d.workspace_id = $1 AND d.finished_at > $2) \
             ORDER BY r.id DESC LIMIT {MOST_OF_LATE}"
        );
        let values = [workspace_id.0.into(), (self.clock().now() - late).into()];
        let found = rows::select(self.reader(), rest, values).await?;
        with_lanes(self.reader(), found).await
    }

    /// Runs of a project that are older than `before`, the newest first, and how many runs it
    /// has.
    pub async fn runs_page(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        before: Option<RunId>,
        limit: u64,
    ) -> StoreResult<(Vec<RunView>, i64)> {
        project_exists(self.reader(), workspace_id, project).await?;
        let total = count_runs(self.reader(), workspace_id, project).await?;
        let rest = format!(
            "{RUNS} WHERE r.project_id = $1 AND r.workspace_id = $2 AND r.id < $3 \
             ORDER BY r.id DESC LIMIT $4"
        );
        let before = before.map_or(i64::MAX, |before| before.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [
            project.0.into(),
            workspace_id.0.into(),
            before.into(),
            limit.into(),
        ];
        let found = rows::select(self.reader(), rest, values).await?;
        let runs = with_lanes(self.reader(), found).await?;
        Ok((runs, total))
    }

    /// The newest run of each of these projects; projects without a run, or of another
    /// workspace, are left out.
    pub async fn latest_runs(
        &self,
        workspace_id: WorkspaceId,
        projects: &[ProjectId],
    ) -> StoreResult<HashMap<ProjectId, RunView>> {
        let rest = format!(
            "{RUNS} WHERE r.id IN (SELECT MAX(id) FROM llm_monitoring_analysis_runs \
             WHERE workspace_id = $1 AND project_id IN ({}) GROUP BY project_id)",
            rows::id_list(projects.iter().map(|project| project.0))
        );
        let found = rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        let runs = with_lanes(self.reader(), found).await?;
        Ok(runs.into_iter().map(|run| (run.project_id, run)).collect())
    }

    /// Asks a run to stop. Lanes that nobody has claimed end at once, the others when their
    /// asks in flight are settled. A run that is over stays as it is.
    pub async fn request_cancel(&self, workspace_id: WorkspaceId, run: RunId) -> StoreResult<()> {
        self.live_run(workspace_id, run).await?;
        self.cancel(workspace_id, run).await
    }

    /// The same, whatever became of the run's project.
    pub(super) async fn cancel(&self, workspace_id: WorkspaceId, run: RunId) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        // Lanes before the run, as everywhere: two transactions never wait for each other.
        close_queued_lanes(&tx, workspace_id, run, now).await?;
        let sql = "UPDATE llm_monitoring_analysis_runs \
            SET cancel_requested_at = COALESCE(cancel_requested_at, $3) \
            WHERE id = $1 AND workspace_id = $2";
        let values = [run.0.into(), workspace_id.0.into(), now.into()];
        if rows::execute(&tx, sql, values).await?.rows_affected() == 0 {
            tx.rollback().await?;
            return Err(StoreError::NotFound);
        }
        let summary = finish_run_if_last(&tx, run, now).await?;
        tx.commit().await?;
        if let Some(summary) = summary {
            summary.log();
        }
        Ok(())
    }
}

async fn count_runs(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project: ProjectId,
) -> StoreResult<i64> {
    let sql = format!("SELECT COUNT(*) {RUNS} WHERE r.project_id = $1 AND r.workspace_id = $2");
    let values = [project.0.into(), workspace_id.0.into()];
    Ok(rows::value(connection, sql, values).await?.unwrap_or(0))
}

/// Cancels all asks of lanes that nobody has ever claimed, and closes these.
async fn close_queued_lanes(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = format!(
        "SELECT l.id FROM llm_monitoring_lanes l \
         WHERE l.run_id = $1 AND l.workspace_id = $2 AND l.status = 'queued' ORDER BY l.id{}",
        rows::for_update(tx, "l")
    );
    let values = [run.0.into(), workspace_id.0.into()];
    let ids: Vec<i64> = rows::column(tx, sql, values).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let ids = rows::id_list(ids);
    let sql = format!(
        "UPDATE llm_monitoring_asks SET state = 'cancelled' \
         WHERE lane_id IN ({ids}) AND state = 'waiting'"
    );
    rows::execute(tx, sql, []).await?;
    let sql = format!(
        "UPDATE llm_monitoring_lanes SET status = 'done', asks_dropped = asks_total, \
         finished_at = $1 WHERE id IN ({ids})"
    );
    rows::execute(tx, sql, [now.into()]).await?;
    Ok(())
}

record! {
    struct RunToFinish {
        project: i64 = "r.project_id",
        created_at: DateTime<Utc> = "r.created_at",
        finished_at: Option<DateTime<Utc>> = "r.finished_at",
        cancel_requested_at: Option<DateTime<Utc>> = "r.cancel_requested_at",
    }
}

/// Closes the run where all its lanes are done. Of two transactions that close the last two
/// lanes at the same moment, the one that gets the run's row second does it.
pub(super) async fn finish_run_if_last(
    tx: &DatabaseTransaction,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<Option<RunSummary>> {
    let rest = format!(
        "FROM llm_monitoring_analysis_runs r \
         WHERE r.id = $1{}",
        rows::for_update(tx, "r")
    );
    let open: RunToFinish = rows::select_one(tx, rest, [run.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    if open.finished_at.is_some() {
        return Ok(None);
    }
    let Some(mut summary) = summarise(tx, run, open.created_at, now).await? else {
        return Ok(None);
    };
    // Somebody stopped it, also where everything had been sent by then.
    if open.cancel_requested_at.is_some() {
        summary.status = RunStatus::Cancelled;
    }
    let sql = "UPDATE llm_monitoring_analysis_runs SET status = $2, finished_at = $3 \
        WHERE id = $1";
    let values = [run.0.into(), summary.status.word().into(), now.into()];
    rows::execute(tx, sql, values).await?;
    if summary.answered > 0 {
        let sql = "UPDATE llm_monitoring_projects SET last_analysis_date = $2 WHERE id = $1";
        rows::execute(tx, sql, [open.project.into(), now.into()]).await?;
        // Whoever cancels a run wants to pay nothing more for it.
        if summary.status != RunStatus::Cancelled {
            passes::open_pass(tx, run, now).await?;
        }
    }
    Ok(Some(summary))
}

record! {
    /// The sums of a run's lanes.
    struct LanesOfRun {
        open: i64 = count_if("status <> 'done'"),
        asks: i64 = sum("asks_total"),
        answered: i64 = sum("asks_answered"),
        failed: i64 = sum("asks_failed"),
        dropped: i64 = sum("asks_dropped"),
        cost: Money = sum("CASE WHEN provider = 'simulator' THEN 0 ELSE cost_nano_usd END"),
        /// Models that leave more than a tenth without a text lack something:
        /// `LaneView::lacks_text`.
        lack_text: i64 = count_if("asks_without_text * 10 > asks_total"),
    }
}

/// What became of a run; `None` while a lane is open.
async fn summarise(
    tx: &DatabaseTransaction,
    run: RunId,
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<Option<RunSummary>> {
    let rest = "FROM llm_monitoring_lanes WHERE run_id = $1";
    let lanes: LanesOfRun = rows::select_one(tx, rest, [run.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    if lanes.open > 0 {
        return Ok(None);
    }
    // An ask that was cancelled is one that was dropped.
    let cancelled = if lanes.dropped > 0 {
        cancelled_asks(tx, run).await?
    } else {
        0
    };
    let failed = lanes.failed + lanes.lack_text;
    Ok(Some(RunSummary {
        run,
        status: status(lanes.answered, failed, lanes.dropped, cancelled),
        asks: lanes.asks,
        answered: lanes.answered,
        failed: lanes.failed,
        dropped: lanes.dropped,
        cost: lanes.cost,
        duration: (now - created_at).to_std().unwrap_or(Duration::ZERO),
    }))
}

/// How many asks of a run were cancelled.
async fn cancelled_asks(tx: &DatabaseTransaction, run: RunId) -> StoreResult<i64> {
    let sql = "SELECT COUNT(*) FROM llm_monitoring_asks a WHERE a.state = $2 \
        AND a.lane_id IN (SELECT id FROM llm_monitoring_lanes WHERE run_id = $1)";
    let values = [run.0.into(), AskState::Cancelled.word().into()];
    Ok(rows::value(tx, sql, values).await?.unwrap_or(0))
}

/// How a run ended; `failed` are asks that failed, and models that lack texts. What was not
/// sent says more than what failed.
fn status(answered: i64, failed: i64, dropped: i64, cancelled: i64) -> RunStatus {
    if cancelled > 0 {
        RunStatus::Cancelled
    } else if dropped > 0 {
        RunStatus::OverBudget
    } else if answered == 0 {
        RunStatus::Failed
    } else if failed > 0 {
        RunStatus::FinishedWithFailures
    } else {
        RunStatus::Finished
    }
}

const RUNS: &str = "FROM llm_monitoring_analysis_runs r";

/// Runs of a look at those of late: more than anybody can follow at once.
const MOST_OF_LATE: u64 = 100;

record! {
    for RunView {
        id: RunId = "r.id",
        project_id: ProjectId = "r.project_id",
        status: RunStatus = "r.status",
        trigger: Trigger = "r.\"trigger\"",
        created_at: DateTime<Utc> = "r.created_at",
        started_at: Option<DateTime<Utc>> = "r.started_at",
        finished_at: Option<DateTime<Utc>> = "r.finished_at",
        cancelling: bool = "r.cancel_requested_at IS NOT NULL AND r.finished_at IS NULL",
        retry_of: Option<RunId> = "r.retry_of",
        retried_by: Option<RunId> =
            "(SELECT t.id FROM llm_monitoring_analysis_runs t WHERE t.retry_of = r.id)",
    } later {
        lanes: Vec<LaneView>,
        judge: Option<JudgePassView>,
    }
}

/// The runs with their lanes and what a judge does, in the order given.
async fn with_lanes(
    connection: &impl ConnectionTrait,
    mut runs: Vec<RunView>,
) -> StoreResult<Vec<RunView>> {
    let rest = format!(
        "FROM llm_monitoring_lanes l \
         JOIN llm_model_registry m ON m.id = l.model_id WHERE l.run_id IN ({}) ORDER BY l.id",
        rows::id_list(runs.iter().map(|run| run.id.0))
    );
    let mut lanes: HashMap<RunId, Vec<LaneView>> = HashMap::new();
    let found: Vec<LaneOfRun> = rows::select(connection, rest, []).await?;
    let mut failures = failures_of(connection, &found).await?;
    for mut of in found {
        of.lane.failures = failures.remove(&of.lane.id).unwrap_or_default();
        lanes.entry(of.run).or_default().push(of.lane);
    }
    let mut passes = passes::passes_of(connection, runs.iter().map(|run| run.id.0)).await?;
    for run in &mut runs {
        run.lanes = lanes.remove(&run.id).unwrap_or_default();
        run.judge = passes.remove(&run.id.0);
    }
    Ok(runs)
}

record! {
    /// Asks of a lane that failed for one reason.
    struct FailuresOfLane {
        lane: LaneId = "a.lane_id",
        class: ErrorClass = "f.error_class",
        asks: i64 = "COUNT(*)",
    }
}

/// Why asks of these lanes failed. Most runs have none that did, and cost no look.
async fn failures_of(
    connection: &impl ConnectionTrait,
    lanes: &[LaneOfRun],
) -> StoreResult<HashMap<LaneId, Vec<AskFailures>>> {
    let with_failures = lanes.iter().filter(|of| of.lane.failed > 0);
    let ids: Vec<i64> = with_failures.map(|of| of.lane.id.0).collect();
    let mut failures: HashMap<LaneId, Vec<AskFailures>> = HashMap::new();
    if ids.is_empty() {
        return Ok(failures);
    }
    let rest = format!(
        "FROM llm_monitoring_asks a JOIN llm_monitoring_results f ON f.ask_id = a.id \
         WHERE a.lane_id IN ({}) AND a.state = '{}' AND f.error_class IS NOT NULL \
         GROUP BY a.lane_id, f.error_class ORDER BY a.lane_id, COUNT(*) DESC, f.error_class",
        rows::id_list(ids),
        AskState::Failed,
    );
    let found: Vec<FailuresOfLane> = rows::select(connection, rest, []).await?;
    for of in found {
        failures.entry(of.lane).or_default().push(AskFailures {
            class: of.class,
            asks: of.asks,
        });
    }
    Ok(failures)
}

record! {
    struct LaneOfRun {
        run: RunId = "l.run_id",
        lane: LaneView as "",
    }
}

record! {
    for LaneView {
        id: LaneId = "l.id",
        model_id: ModelId = "l.model_id",
        provider: Provider = "l.provider",
        model_name: String = "m.model_display_name",
        status: LaneStatus = "l.status",
        total: i64 = "l.asks_total",
        running: i64 = "l.asks_running",
        answered: i64 = "l.asks_answered",
        without_text: i64 = "l.asks_without_text",
        failed: i64 = "l.asks_failed",
        dropped: i64 = "l.asks_dropped",
        cost: Money = "l.cost_nano_usd",
        end_reason: Option<ErrorClass> = "l.end_reason",
        unpriced: i64 = "l.unpriced",
    } later {
        failures: Vec<AskFailures>,
    }
}
