//! A run of what failed in another one.
//!
//! Invariant: what failed in a run is asked again once. Whoever asks for it a second time, at the
//! same moment or later, gets the run that does it.

use app::model::ids::{ModelId, ProjectId, RunId, UserId, WorkspaceId};
use app::model::run::{AskState, Trigger};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::plans::{Origin, PlanError, Planned, count_asks, insert_run};
use crate::store::registry::offered::offered;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

/// Who wants what failed in which run to be asked again.
#[derive(Clone, Copy, Debug)]
pub struct RetryPlan {
    /// The project of the run.
    pub project: ProjectId,
    /// The run, which is over.
    pub run: RunId,
    /// How it came.
    pub trigger: Trigger,
    /// Who.
    pub requested_by: UserId,
}

impl Store {
    /// Plans a run of the asks that failed in another one: of models that the project still asks
    /// and that can be asked, and of questions that are still active. Wake the workers afterwards.
    pub async fn plan_retry(
        &self,
        workspace_id: WorkspaceId,
        plan: RetryPlan,
    ) -> Result<RunId, PlanError> {
        if let Some(known) = self.retry_of(workspace_id, plan.run).await? {
            return Ok(known);
        }
        let tx = self.begin_write().await?;
        match plan_within(&tx, workspace_id, plan, self.clock().now()).await {
            Ok(planned) => {
                tx.commit().await.map_err(StoreError::from)?;
                planned.log();
                Ok(planned.run)
            }
            // Of two at the same moment the second one comes too late, whichever index says so.
            Err(PlanError::AlreadyRunning) => {
                tx.rollback().await.map_err(StoreError::from)?;
                let known = self.retry_of(workspace_id, plan.run).await?;
                known.ok_or(PlanError::AlreadyRunning)
            }
            Err(error) => Err(error),
        }
    }

    /// The run that asks again what failed in this one, where there is one.
    pub async fn retry_of(
        &self,
        workspace_id: WorkspaceId,
        run: RunId,
    ) -> StoreResult<Option<RunId>> {
        let sql = "SELECT id FROM llm_monitoring_analysis_runs \
            WHERE retry_of = $1 AND workspace_id = $2";
        rows::value(self.reader(), sql, [run.0.into(), workspace_id.0.into()]).await
    }

    /// The models of which asks of a run failed and that its project still asks.
    pub async fn models_to_retry(
        &self,
        workspace_id: WorkspaceId,
        run: RunId,
    ) -> StoreResult<Vec<ModelId>> {
        let sql = "SELECT l.model_id FROM llm_monitoring_lanes l \
            JOIN llm_monitoring_project_models p \
            ON p.project_id = l.project_id AND p.model_id = l.model_id \
            WHERE l.run_id = $1 AND l.workspace_id = $2 AND l.asks_failed > 0 ORDER BY l.model_id";
        rows::column(self.reader(), sql, [run.0.into(), workspace_id.0.into()]).await
    }
}

async fn plan_within(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    plan: RetryPlan,
    now: DateTime<Utc>,
) -> Result<Planned, PlanError> {
    project_exists(tx, workspace_id, plan.project).await?;
    let origin = Origin {
        trigger: plan.trigger,
        requested_by: Some(plan.requested_by),
        slot: None,
        retry_of: Some(plan.run),
    };
    let run = insert_run(tx, workspace_id, plan.project, origin, now).await?;
    insert_lanes(tx, workspace_id, plan, run, now).await?;
    let asks = insert_asks(tx, plan.run, run).await?;
    if asks == 0 {
        return Err(PlanError::NothingToAsk);
    }
    count_asks(tx, run).await?;
    let lanes = drop_empty_lanes(tx, run).await?;
    Ok(Planned {
        run,
        lanes,
        asks,
        trigger: plan.trigger,
    })
}

/// One lane for each model that failed asks and that can be asked.
async fn insert_lanes(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    plan: RetryPlan,
    run: RunId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = format!(
        "INSERT INTO llm_monitoring_lanes (workspace_id, project_id, run_id, model_id, \
         provider, status, epoch, asks_total, asks_running, asks_answered, asks_failed, \
         asks_dropped, cost_nano_usd) \
         SELECT $1, $2, $3, m.id, m.provider, 'queued', 0, 0, 0, 0, 0, 0, 0 \
         FROM llm_monitoring_lanes o JOIN llm_model_registry m ON m.id = o.model_id \
         JOIN llm_monitoring_project_models p \
         ON p.project_id = o.project_id AND p.model_id = o.model_id \
         WHERE o.run_id = $5 AND o.workspace_id = $1 AND o.project_id = $2 \
         AND o.asks_failed > 0 AND {} ORDER BY m.id",
        offered("$4")
    );
    let values = [
        workspace_id.0.into(),
        plan.project.0.into(),
        run.0.into(),
        now.into(),
        plan.run.0.into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

/// The asks that failed, by the same repeats as they had. How many there are.
async fn insert_asks(tx: &DatabaseTransaction, failed_in: RunId, run: RunId) -> StoreResult<u64> {
    let sql = format!(
        "INSERT INTO llm_monitoring_asks \
         (workspace_id, run_id, lane_id, query_id, repeat, state) \
         SELECT l.workspace_id, l.run_id, l.id, a.query_id, a.repeat, 'waiting' \
         FROM llm_monitoring_lanes l \
         JOIN llm_monitoring_lanes o ON o.run_id = $2 AND o.model_id = l.model_id \
         JOIN llm_monitoring_asks a ON a.lane_id = o.id AND a.state = '{}' \
         JOIN llm_monitoring_queries q ON q.id = a.query_id \
         WHERE l.run_id = $1 AND q.is_active AND q.removed_at IS NULL \
         ORDER BY l.id, a.repeat, q.position, q.id",
        AskState::Failed
    );
    let values = [run.0.into(), failed_in.0.into()];
    Ok(rows::execute(tx, sql, values).await?.rows_affected())
}

/// Takes away the lanes whose questions have all been paused or removed since. How many stay.
async fn drop_empty_lanes(tx: &DatabaseTransaction, run: RunId) -> StoreResult<u64> {
    let sql = "DELETE FROM llm_monitoring_lanes WHERE run_id = $1 AND asks_total = 0";
    rows::execute(tx, sql, [run.0.into()]).await?;
    let sql = "SELECT COUNT(*) FROM llm_monitoring_lanes WHERE run_id = $1";
    let left: Option<i64> = rows::value(tx, sql, [run.0.into()]).await?;
    Ok(u64::try_from(left.unwrap_or(0)).unwrap_or(0))
}
