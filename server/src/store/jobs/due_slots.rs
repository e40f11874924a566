//! When projects fall due, and what became of each time.

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::schedule::{JobKind, JobOutcome};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::job_log::{self, JobEnd};
use crate::calendar::slot_name;
use crate::store::projects::slots::set_next_slots;
use crate::store::runs::plans::{PlanError, plan_slot};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::time_zone;
use crate::store::{Store, StoreResult};

record! {
    /// A project that runs by itself.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ScheduledProject {
        /// Its workspace.
        pub workspace: WorkspaceId = "p.workspace_id",
        /// Its id.
        pub project: ProjectId = "p.id",
        /// Its name.
        pub name: String = "p.name",
        /// Cron expression.
        pub schedule: String = "p.schedule",
        /// IANA name of where its day begins.
        pub time_zone: String = "w.time_zone",
        /// The next slot, or the first that was missed.
        pub next_slot: DateTime<Utc> = "p.next_slot_at",
    }
}

/// A slot of a project that a run is to be started for.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// Whose.
    pub project: &'a ScheduledProject,
    /// When it fell due.
    pub due: DateTime<Utc>,
    /// The one after it.
    pub next: Option<DateTime<Utc>>,
    /// What there is to say about it, for the log.
    pub lines: Vec<String>,
}

/// What became of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotOutcome {
    /// Its run is planned. Wake the workers.
    Planned(RunId),
    /// Another host was quicker, or it had its run already.
    Taken,
    /// It has no run, and why.
    Skipped(JobOutcome),
}

const SCHEDULED: &str = "FROM llm_monitoring_projects p JOIN workspaces w ON w.id = p.workspace_id \
    WHERE p.is_active AND p.deleted_at IS NULL AND p.next_slot_at IS NOT NULL";

impl Store {
    /// The projects of all workspaces that are due, the longest first, behind the one that was
    /// the last of the page before. For the schedule, which acts for nobody.
    pub async fn due_projects(
        &self,
        after: Option<&ScheduledProject>,
        limit: u32,
    ) -> StoreResult<Vec<ScheduledProject>> {
        let rest = format!(
            "{SCHEDULED} AND p.next_slot_at <= $1 \
             AND (p.next_slot_at > $2 OR (p.next_slot_at = $2 AND p.id > $3)) \
             ORDER BY p.next_slot_at, p.id LIMIT {limit}"
        );
        let first = (DateTime::UNIX_EPOCH, 0);
        let (slot, id) = after.map_or(first, |last| (last.next_slot, last.project.0));
        let values = [self.clock().now().into(), slot.into(), id.into()];
        rows::select(self.reader(), rest, values).await
    }

    /// All projects that run by themselves, of all workspaces.
    pub async fn scheduled_projects(&self) -> StoreResult<Vec<ScheduledProject>> {
        rows::select(self.reader(), format!("{SCHEDULED} ORDER BY p.id"), []).await
    }

    /// Plans the run of a slot, notes it in the book of jobs, and moves the project on to its
    /// next slot: all or nothing, and once, whoever else tries.
    pub async fn start_run_of_slot(&self, slot: &Slot<'_>) -> StoreResult<SlotOutcome> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        if !move_on(&tx, slot).await? {
            tx.rollback().await?;
            return Ok(SlotOutcome::Taken);
        }
        let ScheduledProject {
            workspace, project, ..
        } = *slot.project;
        let name = slot_name(slot.due);
        let refused = match plan_slot(&tx, workspace, project, &name, now).await {
            Ok(planned) => {
                let end = JobEnd {
                    outcome: JobOutcome::Done,
                    run: Some(planned.run),
                    lines: &slot.lines,
                };
                note(&tx, slot, end, now).await?;
                tx.commit().await?;
                planned.log();
                return Ok(SlotOutcome::Planned(planned.run));
            }
            Err(PlanError::Store(error)) => return Err(error),
            Err(PlanError::SlotTaken) => None,
            Err(PlanError::AlreadyRunning) => Some(JobOutcome::AlreadyRunning),
            Err(PlanError::NothingToAsk) => Some(JobOutcome::NothingToAsk),
        };
        // What failed has spoilt the transaction; the slot is over all the same.
        tx.rollback().await?;
        if let Some(outcome) = refused {
            return self.skip_slot(slot, outcome).await;
        }
        let tx = self.begin_write().await?;
        move_on(&tx, slot).await?;
        tx.commit().await?;
        Ok(SlotOutcome::Taken)
    }

    /// Notes that a slot has no run, and moves the project on.
    pub async fn skip_slot(
        &self,
        slot: &Slot<'_>,
        outcome: JobOutcome,
    ) -> StoreResult<SlotOutcome> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let end = JobEnd {
            outcome,
            run: None,
            lines: &slot.lines,
        };
        if !move_on(&tx, slot).await? || !note(&tx, slot, end, now).await? {
            tx.rollback().await?;
            return Ok(SlotOutcome::Taken);
        }
        tx.commit().await?;
        Ok(SlotOutcome::Skipped(outcome))
    }

    /// The workspace's time zone, by its IANA name.
    pub async fn time_zone(&self, workspace_id: WorkspaceId) -> StoreResult<String> {
        let zone = time_zone(self.reader(), workspace_id).await?;
        Ok(zone.name().to_owned())
    }

    /// Changes the workspace's time zone: days and slots turn there from now on.
    pub async fn save_time_zone(&self, workspace_id: WorkspaceId, zone: &str) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let sql = "UPDATE workspaces SET time_zone = $2 WHERE id = $1 AND time_zone <> $2";
        let changed = rows::execute(&tx, sql, [workspace_id.0.into(), zone.into()]).await?;
        if changed.rows_affected() > 0 {
            set_next_slots(&tx, workspace_id, None, self.clock().now()).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Makes the slot the last one; false where the project's slots have changed meanwhile, or it
/// is past this one.
async fn move_on(tx: &DatabaseTransaction, slot: &Slot<'_>) -> StoreResult<bool> {
    let sql = "UPDATE llm_monitoring_projects SET next_slot_at = $2 \
        WHERE id = $1 AND next_slot_at = $3 AND schedule = $4 AND is_active \
        AND deleted_at IS NULL";
    let project = slot.project;
    let values = [
        project.project.0.into(),
        slot.next.into(),
        project.next_slot.into(),
        project.schedule.clone().into(),
    ];
    Ok(rows::execute(tx, sql, values).await?.rows_affected() > 0)
}

async fn note(
    tx: &DatabaseTransaction,
    slot: &Slot<'_>,
    end: JobEnd<'_>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let job = job_log::Job {
        kind: JobKind::Run,
        workspace: slot.project.workspace.0,
        project: slot.project.project.0,
        due: slot.due,
    };
    job_log::note(tx, job, end, now).await
}
