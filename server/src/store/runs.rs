//! Runs: planned as a whole or not at all, watched, cancelled, finished.

use std::collections::HashMap;
use std::time::Duration;

use app::model::ids::{LaneId, ModelId, ProjectId, RunId, UserId, WorkspaceId};
use app::model::money::Money;
use app::model::run::{JudgePassView, LaneView, RunStatus, RunView, Trigger};
use app::model::validate::REPEATS;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, Value,
};

use super::entity::run;
use super::lanes::{lane_status, provider};
use super::projects::project_exists;
use super::{Store, StoreError, StoreResult, judge_passes, rows};
use crate::engine::RunSummary;

/// Why a run could not be planned. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The project has a run that is not over.
    #[error("the project is being run already")]
    AlreadyRunning,
    /// The slot of the schedule has its run already, or had it.
    #[error("the slot has its run")]
    SlotTaken,
    /// The project has no active prompt, or no model that is available.
    #[error("the project has nothing to ask")]
    NothingToAsk,
    /// The project is not there, or the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a run comes from.
#[derive(Clone, Copy)]
struct Origin<'a> {
    trigger: Trigger,
    requested_by: Option<UserId>,
    /// The slot of the schedule that it fills.
    slot: Option<&'a str>,
}

impl Store {
    /// Plans a run of a project: one lane for each of its available models, one ask for each
    /// active prompt and model. Ring the engine's bell afterwards.
    pub async fn plan_run(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        trigger: Trigger,
        requested_by: Option<UserId>,
    ) -> Result<RunId, PlanError> {
        let origin = Origin {
            trigger,
            requested_by,
            slot: None,
        };
        self.plan(workspace, project, origin).await
    }

    /// The run of a slot, or the one that is not over yet, of a project.
    pub async fn slot_or_open_run(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        slot: &str,
    ) -> StoreResult<Option<RunId>> {
        let sql = "SELECT id FROM llm_monitoring_analysis_runs WHERE workspace_id = $1 \
            AND project_id = $2 AND (slot = $3 OR finished_at IS NULL) ORDER BY id DESC LIMIT 1";
        let values = [workspace.0.into(), project.0.into(), slot.into()];
        let row = rows::one(self.reader(), sql, values).await?;
        Ok(row
            .map(|row| row.try_get_by_index(0))
            .transpose()?
            .map(RunId))
    }

    async fn plan(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        origin: Origin<'_>,
    ) -> Result<RunId, PlanError> {
        let txn = self.begin_write().await?;
        let planned = plan_within(&txn, workspace, project, origin, self.clock().now()).await?;
        txn.commit().await.map_err(StoreError::from)?;
        planned.log();
        Ok(planned.run)
    }

    /// One run with its lanes.
    pub async fn run(&self, workspace: WorkspaceId, run: RunId) -> StoreResult<RunView> {
        let row = run::Entity::find_by_id(run.0)
            .filter(run::Column::WorkspaceId.eq(workspace.0))
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let views = views(self.reader(), vec![row]).await?;
        views.into_iter().next().ok_or(StoreError::NotFound)
    }

    /// The newest runs of a project, the newest first.
    pub async fn runs_of_project(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        limit: u64,
    ) -> StoreResult<Vec<RunView>> {
        project_exists(self.reader(), workspace, project).await?;
        let found = run::Entity::find()
            .filter(run::Column::WorkspaceId.eq(workspace.0))
            .filter(run::Column::ProjectId.eq(project.0))
            .order_by_desc(run::Column::Id)
            .limit(limit)
            .all(self.reader())
            .await?;
        views(self.reader(), found).await
    }

    /// Runs of a project that are older than `before`, the newest first, and how many runs it
    /// has.
    pub async fn runs_page(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        before: Option<RunId>,
        limit: u64,
    ) -> StoreResult<(Vec<RunView>, i64)> {
        project_exists(self.reader(), workspace, project).await?;
        let all = run::Entity::find()
            .filter(run::Column::WorkspaceId.eq(workspace.0))
            .filter(run::Column::ProjectId.eq(project.0));
        let total = all.clone().count(self.reader()).await?;
        let older = match before {
            Some(before) => all.filter(run::Column::Id.lt(before.0)),
            None => all,
        };
        let found = older
            .order_by_desc(run::Column::Id)
            .limit(limit)
            .all(self.reader())
            .await?;
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        Ok((views(self.reader(), found).await?, total))
    }

    /// The newest run of each of these projects; projects without a run, or of another
    /// workspace, are left out.
    pub async fn latest_runs(
        &self,
        workspace: WorkspaceId,
        projects: &[ProjectId],
    ) -> StoreResult<HashMap<ProjectId, RunView>> {
        let sql = format!(
            "SELECT MAX(id) FROM llm_monitoring_analysis_runs WHERE workspace_id = $1 \
             AND project_id IN ({}) GROUP BY project_id",
            rows::id_list(projects.iter().map(|project| project.0))
        );
        let newest = rows::all(self.reader(), sql, [workspace.0.into()]).await?;
        let ids: Vec<i64> = newest
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?;
        let found = run::Entity::find()
            .filter(run::Column::Id.is_in(ids))
            .all(self.reader())
            .await?;
        let views = views(self.reader(), found).await?;
        Ok(views
            .into_iter()
            .map(|view| (view.project_id, view))
            .collect())
    }

    /// Asks a run to stop. Lanes that nobody has claimed end at once, the others when their
    /// asks in flight are settled. A run that is over stays as it is.
    pub async fn request_cancel(&self, workspace: WorkspaceId, run: RunId) -> StoreResult<()> {
        let txn = self.begin_write().await?;
        let now = self.clock().now();
        // Lanes before the run, as everywhere: two transactions never wait for each other.
        close_queued_lanes(&txn, workspace, run, now).await?;
        let sql = "UPDATE llm_monitoring_analysis_runs \
            SET cancel_requested_at = COALESCE(cancel_requested_at, $3) \
            WHERE id = $1 AND workspace_id = $2";
        let values = [run.0.into(), workspace.0.into(), now.into()];
        if rows::execute(&txn, sql, values).await?.rows_affected() == 0 {
            txn.rollback().await?;
            return Err(StoreError::NotFound);
        }
        let summary = finish_run_if_last(&txn, run, now).await?;
        txn.commit().await?;
        if let Some(summary) = summary {
            summary.log();
        }
        Ok(())
    }
}

/// A run that was planned; it is told of once the transaction is committed.
pub(super) struct Planned {
    pub(super) run: RunId,
    lanes: u64,
    asks: u64,
    trigger: Trigger,
}

impl Planned {
    pub(super) fn log(&self) {
        tracing::info!(
            run = self.run.0,
            lanes = self.lanes,
            asks = self.asks,
            trigger = self.trigger.word(),
            "run planned"
        );
    }
}

/// Plans the run of a slot of the schedule. Whoever comes second finds the slot taken, be it
/// another process or the same one a day later. The transaction is spoilt where it fails.
pub(super) async fn plan_slot(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    slot: &str,
    now: DateTime<Utc>,
) -> Result<Planned, PlanError> {
    let origin = Origin {
        trigger: Trigger::Scheduled,
        requested_by: None,
        slot: Some(slot),
    };
    plan_within(txn, workspace, project, origin, now).await
}

async fn plan_within(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<Planned, PlanError> {
    project_exists(txn, workspace, project).await?;
    let run = insert_run(txn, workspace, project, origin, now).await?;
    let lanes = insert_lanes(txn, workspace, project, run).await?;
    let asks = if lanes == 0 {
        0
    } else {
        insert_asks(txn, project, run).await?
    };
    if asks == 0 {
        return Err(PlanError::NothingToAsk);
    }
    Ok(Planned {
        run,
        lanes,
        asks,
        trigger: origin.trigger,
    })
}

async fn insert_run(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<RunId, PlanError> {
    let sql = "INSERT INTO llm_monitoring_analysis_runs \
        (workspace_id, project_id, \"trigger\", status, requested_by, created_at, slot) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let values: [Value; 7] = [
        workspace.0.into(),
        project.0.into(),
        origin.trigger.word().into(),
        RunStatus::Queued.word().into(),
        origin.requested_by.map(|user| user.0).into(),
        now.into(),
        origin.slot.map(ToOwned::to_owned).into(),
    ];
    match rows::one(txn, sql, values).await {
        Ok(Some(row)) => Ok(RunId(row.try_get_by_index(0).map_err(StoreError::from)?)),
        Ok(None) => Err(StoreError::NotFound.into()),
        Err(error) if error.is_not_unique("uq_run_slot", "slot") => Err(PlanError::SlotTaken),
        // The other unique index of this table: the project has an open run.
        Err(StoreError::NotUnique(_)) => Err(PlanError::AlreadyRunning),
        Err(error) => Err(error.into()),
    }
}

async fn insert_lanes(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    run: RunId,
) -> StoreResult<u64> {
    let sql = "INSERT INTO llm_monitoring_lanes (workspace_id, project_id, run_id, model_id, \
        provider, status, epoch, asks_total, asks_running, asks_answered, asks_failed, \
        asks_dropped, cost_nano_usd) \
        SELECT $1, $2, $3, m.id, m.provider, 'queued', 0, 0, 0, 0, 0, 0, 0 \
        FROM llm_monitoring_project_models p JOIN llm_model_registry m ON m.id = p.model_id \
        WHERE p.project_id = $2 AND p.workspace_id = $1 AND m.is_available ORDER BY m.id";
    let values = [workspace.0.into(), project.0.into(), run.0.into()];
    Ok(rows::execute(txn, sql, values).await?.rows_affected())
}

/// Active prompts x lanes x repeats, without a trip through this process. All prompts are asked
/// once before any is asked again: a run that ends early has something of each.
async fn insert_asks(
    txn: &DatabaseTransaction,
    project: ProjectId,
    run: RunId,
) -> StoreResult<u64> {
    let numbers: Vec<String> = REPEATS.map(|n| format!("SELECT {n} AS number")).collect();
    let sql = format!(
        "INSERT INTO llm_monitoring_asks \
         (workspace_id, run_id, lane_id, query_id, repeat, state) \
         SELECT l.workspace_id, l.run_id, l.id, q.id, n.number, 'waiting' \
         FROM llm_monitoring_lanes l CROSS JOIN llm_monitoring_queries q \
         JOIN llm_monitoring_projects p ON p.id = q.project_id \
         JOIN ({}) n ON n.number <= p.repeats \
         WHERE l.run_id = $1 AND q.project_id = $2 AND q.workspace_id = l.workspace_id \
         AND q.is_active AND q.removed_at IS NULL ORDER BY l.id, n.number, q.position, q.id",
        numbers.join(" UNION ALL ")
    );
    let values = [run.0.into(), project.0.into()];
    let asks = rows::execute(txn, sql, values).await?.rows_affected();
    let sql = "UPDATE llm_monitoring_lanes SET asks_total = \
        (SELECT COUNT(*) FROM llm_monitoring_asks a WHERE a.lane_id = llm_monitoring_lanes.id) \
        WHERE run_id = $1";
    rows::execute(txn, sql, [run.0.into()]).await?;
    Ok(asks)
}

/// Cancels all asks of lanes that nobody has ever claimed, and closes these.
async fn close_queued_lanes(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = format!(
        "SELECT l.id FROM llm_monitoring_lanes l \
         WHERE l.run_id = $1 AND l.workspace_id = $2 AND l.status = 'queued' ORDER BY l.id{}",
        rows::for_update(txn, "l")
    );
    let queued = rows::all(txn, sql, [run.0.into(), workspace.0.into()]).await?;
    let ids: Vec<i64> = queued
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(());
    }
    let ids = rows::id_list(ids);
    let sql = format!(
        "UPDATE llm_monitoring_asks SET state = 'cancelled' \
         WHERE lane_id IN ({ids}) AND state = 'waiting'"
    );
    rows::execute(txn, sql, []).await?;
    let sql = format!(
        "UPDATE llm_monitoring_lanes SET status = 'done', asks_dropped = asks_total, \
         finished_at = $1 WHERE id IN ({ids})"
    );
    rows::execute(txn, sql, [now.into()]).await?;
    Ok(())
}

/// Closes the run where all its lanes are done. Of two transactions that close the last two
/// lanes at the same moment, the one that gets the run's row second does it.
pub(super) async fn finish_run_if_last(
    txn: &DatabaseTransaction,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<Option<RunSummary>> {
    let sql = format!(
        "SELECT r.project_id, r.created_at, r.finished_at FROM llm_monitoring_analysis_runs r \
         WHERE r.id = $1{}",
        rows::for_update(txn, "r")
    );
    let row = rows::one(txn, sql, [run.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let project: i64 = row.try_get_by_index(0)?;
    let created_at: DateTime<Utc> = row.try_get_by_index(1)?;
    let finished_at: Option<DateTime<Utc>> = row.try_get_by_index(2)?;
    if finished_at.is_some() {
        return Ok(None);
    }
    let Some(summary) = summarise(txn, run, created_at, now).await? else {
        return Ok(None);
    };
    let sql = "UPDATE llm_monitoring_analysis_runs SET status = $2, finished_at = $3 \
        WHERE id = $1";
    let values = [run.0.into(), summary.status.word().into(), now.into()];
    rows::execute(txn, sql, values).await?;
    if summary.answered > 0 {
        let sql = "UPDATE llm_monitoring_projects SET last_analysis_date = $2 WHERE id = $1";
        rows::execute(txn, sql, [project.into(), now.into()]).await?;
        // Who stops a run wants nothing more to be paid for it.
        if summary.status != RunStatus::Cancelled {
            judge_passes::open_pass(txn, run, now).await?;
        }
    }
    Ok(Some(summary))
}

/// What became of a run; `None` while a lane is open.
async fn summarise(
    txn: &DatabaseTransaction,
    run: RunId,
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<Option<RunSummary>> {
    let sql = "SELECT CAST(COALESCE(SUM(CASE WHEN status = 'done' THEN 0 ELSE 1 END), 0) AS BIGINT), \
        CAST(COALESCE(SUM(asks_total), 0) AS BIGINT), \
        CAST(COALESCE(SUM(asks_answered), 0) AS BIGINT), \
        CAST(COALESCE(SUM(asks_failed), 0) AS BIGINT), \
        CAST(COALESCE(SUM(asks_dropped), 0) AS BIGINT), \
        CAST(COALESCE(SUM(cost_nano_usd), 0) AS BIGINT), \
        (SELECT COUNT(*) FROM llm_monitoring_asks a WHERE a.state = 'cancelled' AND a.lane_id IN \
            (SELECT id FROM llm_monitoring_lanes WHERE run_id = $1)) \
        FROM llm_monitoring_lanes WHERE run_id = $1";
    let row = rows::one(txn, sql, [run.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let number = |index: usize| row.try_get_by_index::<i64>(index);
    if number(0)? > 0 {
        return Ok(None);
    }
    let (answered, failed, dropped, cancelled) = (number(2)?, number(3)?, number(4)?, number(6)?);
    Ok(Some(RunSummary {
        run,
        status: status(answered, failed, dropped, cancelled),
        asks: number(1)?,
        answered,
        failed,
        dropped,
        cost: Money::from_nanos(number(5)?),
        duration: (now - created_at).to_std().unwrap_or(Duration::ZERO),
    }))
}

/// How a run ended. What was not sent says more than what failed.
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

/// The runs with their lanes, in the order given.
async fn views(
    connection: &impl ConnectionTrait,
    runs: Vec<run::Model>,
) -> StoreResult<Vec<RunView>> {
    let sql = format!(
        "SELECT l.run_id, l.id, l.model_id, l.provider, m.model_display_name, l.status, \
         l.asks_total, l.asks_running, l.asks_answered, l.asks_failed, l.asks_dropped, \
         l.cost_nano_usd, l.end_reason FROM llm_monitoring_lanes l \
         JOIN llm_model_registry m ON m.id = l.model_id WHERE l.run_id IN ({}) ORDER BY l.id",
        rows::id_list(runs.iter().map(|run| run.id))
    );
    let mut lanes: HashMap<i64, Vec<LaneView>> = HashMap::new();
    for row in rows::all(connection, sql, []).await? {
        lanes
            .entry(row.try_get_by_index(0)?)
            .or_default()
            .push(lane_view(&row)?);
    }
    let mut passes = judge_passes::passes_of(connection, runs.iter().map(|run| run.id)).await?;
    let view = |run: run::Model| {
        let pass = passes.remove(&run.id);
        run_view(&run, lanes.remove(&run.id).unwrap_or_default(), pass)
    };
    runs.into_iter().map(view).collect()
}

fn lane_view(row: &QueryResult) -> StoreResult<LaneView> {
    Ok(LaneView {
        id: LaneId(row.try_get_by_index(1)?),
        model_id: ModelId(row.try_get_by_index(2)?),
        provider: provider(&row.try_get_by_index::<String>(3)?)?,
        model_name: row.try_get_by_index(4)?,
        status: lane_status(&row.try_get_by_index::<String>(5)?)?,
        total: row.try_get_by_index(6)?,
        running: row.try_get_by_index(7)?,
        answered: row.try_get_by_index(8)?,
        failed: row.try_get_by_index(9)?,
        dropped: row.try_get_by_index(10)?,
        cost: Money::from_nanos(row.try_get_by_index(11)?),
        end_reason: row.try_get_by_index(12)?,
    })
}

fn run_view(
    row: &run::Model,
    lanes: Vec<LaneView>,
    judge: Option<JudgePassView>,
) -> StoreResult<RunView> {
    let corrupt = |what: &str, word: &str| StoreError::Corrupt(format!("{what} {word:?}"));
    Ok(RunView {
        id: RunId(row.id),
        project_id: ProjectId(row.project_id),
        status: RunStatus::from_word(&row.status)
            .ok_or_else(|| corrupt("run status", &row.status))?,
        trigger: Trigger::from_word(&row.trigger)
            .ok_or_else(|| corrupt("trigger", &row.trigger))?,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        cancelling: row.cancel_requested_at.is_some() && row.finished_at.is_none(),
        lanes,
        judge,
    })
}
