//! Runs are planned as a whole or not at all: the run, a lane a model, an ask a question.

use app::model::ids::{ProjectId, RunId, UserId, WorkspaceId};
use app::model::run::{RunStatus, Trigger};
use app::validate::REPEATS;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, Value};

use crate::store::registry::offered::offered;
use crate::store::sql::rows;
use crate::store::sql::tenant::live_project;
use crate::store::{Store, StoreError, StoreResult};

/// Why a run could not be planned. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The project has a run that is not over.
    #[error("the project is being run already")]
    AlreadyRunning,
    /// The slot of the schedule has its run already, or had it.
    #[error("the slot has its run")]
    SlotTaken,
    /// The project has no active prompt, or no model that is available; or it is the
    /// demonstration, which asks nobody.
    #[error("the project has nothing to ask")]
    NothingToAsk,
    /// The project is not there, or the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a run comes from.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) trigger: Trigger,
    pub(super) requested_by: Option<UserId>,
    /// The slot of the schedule that it fills.
    pub(super) slot: Option<&'a str>,
    /// The run whose failed asks it asks again.
    pub(super) retry_of: Option<RunId>,
}

impl Store {
    /// Plans a run of a project: one lane for each of its available models, one ask for each
    /// active prompt and model. Wake the workers afterwards.
    pub async fn plan_run(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        trigger: Trigger,
        requested_by: Option<UserId>,
    ) -> Result<RunId, PlanError> {
        let origin = Origin {
            trigger,
            requested_by,
            slot: None,
            retry_of: None,
        };
        self.plan(workspace_id, project, origin).await
    }

    async fn plan(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        origin: Origin<'_>,
    ) -> Result<RunId, PlanError> {
        let tx = self.begin_write().await?;
        let planned = plan_within(&tx, workspace_id, project, origin, self.clock().now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        planned.log();
        Ok(planned.run)
    }

    /// The run of a slot, or the one that is not over yet, of a project.
    pub async fn slot_or_open_run(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        slot: &str,
    ) -> StoreResult<Option<RunId>> {
        let sql = "SELECT id FROM llm_monitoring_analysis_runs WHERE workspace_id = $1 \
            AND project_id = $2 AND (slot = $3 OR finished_at IS NULL) ORDER BY id DESC LIMIT 1";
        let values = [workspace_id.0.into(), project.0.into(), slot.into()];
        rows::value(self.reader(), sql, values).await
    }
}

/// A run that was planned; it is told of once the transaction is committed.
pub(in crate::store) struct Planned {
    pub(in crate::store) run: RunId,
    pub(super) lanes: u64,
    pub(super) asks: u64,
    pub(super) trigger: Trigger,
}

impl Planned {
    pub(in crate::store) fn log(&self) {
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
pub(in crate::store) async fn plan_slot(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    slot: &str,
    now: DateTime<Utc>,
) -> Result<Planned, PlanError> {
    let origin = Origin {
        trigger: Trigger::Scheduled,
        requested_by: None,
        slot: Some(slot),
        retry_of: None,
    };
    plan_within(tx, workspace_id, project, origin, now).await
}

async fn plan_within(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<Planned, PlanError> {
    if live_project(tx, workspace_id, project).await?.is_demo {
        return Err(PlanError::NothingToAsk);
    }
    let run = insert_run(tx, workspace_id, project, origin, now).await?;
    let lanes = insert_lanes(tx, workspace_id, project, run, now).await?;
    let asks = if lanes == 0 {
        0
    } else {
        insert_asks(tx, project, run).await?
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

/// Writes the run alone.
pub(super) async fn insert_run(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<RunId, PlanError> {
    let sql = "INSERT INTO llm_monitoring_analysis_runs \
        (workspace_id, project_id, \"trigger\", status, requested_by, created_at, slot, retry_of) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let values: [Value; 8] = [
        workspace_id.0.into(),
        project.0.into(),
        origin.trigger.word().into(),
        RunStatus::Queued.word().into(),
        origin.requested_by.map(|user| user.0).into(),
        now.into(),
        origin.slot.map(ToOwned::to_owned).into(),
        origin.retry_of.map(|run| run.0).into(),
    ];
    match rows::value(tx, sql, values).await {
        Ok(Some(run)) => Ok(run),
        Ok(None) => Err(StoreError::NotFound.into()),
        Err(error) if error.is_not_unique("uq_run_slot", "slot") => Err(PlanError::SlotTaken),
        // The other unique index of this table: the project has an open run.
        Err(StoreError::NotUnique(_)) => Err(PlanError::AlreadyRunning),
        Err(error) => Err(error.into()),
    }
}

/// One a model of the project that can be asked.
async fn insert_lanes(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<u64> {
    let sql = format!(
        "INSERT INTO llm_monitoring_lanes (workspace_id, project_id, run_id, model_id, \
         provider, status, epoch, asks_total, asks_running, asks_answered, asks_failed, \
         asks_dropped, cost_nano_usd) \
         SELECT $1, $2, $3, m.id, m.provider, 'queued', 0, 0, 0, 0, 0, 0, 0 \
         FROM llm_monitoring_project_models p JOIN llm_model_registry m ON m.id = p.model_id \
         WHERE p.project_id = $2 AND p.workspace_id = $1 AND {} ORDER BY m.id",
        offered("$4")
    );
    let values = [
        workspace_id.0.into(),
        project.0.into(),
        run.0.into(),
        now.into(),
    ];
    Ok(rows::execute(tx, sql, values).await?.rows_affected())
}

/// Active prompts x lanes x repeats, without a trip through this process. All prompts are asked
/// once before any is asked again: a run that ends early has something of each.
async fn insert_asks(tx: &DatabaseTransaction, project: ProjectId, run: RunId) -> StoreResult<u64> {
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
    let asks = rows::execute(tx, sql, values).await?.rows_affected();
    count_asks(tx, run).await?;
    Ok(asks)
}

/// Writes into the lanes of a run how many asks they have.
pub(super) async fn count_asks(tx: &DatabaseTransaction, run: RunId) -> StoreResult<()> {
    let sql = "UPDATE llm_monitoring_lanes SET asks_total = \
        (SELECT COUNT(*) FROM llm_monitoring_asks a WHERE a.lane_id = llm_monitoring_lanes.id) \
        WHERE run_id = $1";
    rows::execute(tx, sql, [run.0.into()]).await?;
    Ok(())
}
