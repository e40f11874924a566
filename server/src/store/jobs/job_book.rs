//! The book of jobs: each time that one fell due, what became of it, and what it said.

use std::collections::HashMap;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::run::RunStatus;
use app::model::schedule::{JobKind, JobOutcome, JobView};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};

use crate::engine::schedule::slot_name;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// A job of the instance that nobody ends within this time is taken up by another host.
const GIVEN_UP: Duration = Duration::minutes(15);
/// Times of a job that are kept: years of days.
const KEPT: i64 = 2_000;

/// A time that a job fell due. Workspace and project 0: the instance's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) kind: JobKind,
    pub(super) workspace: i64,
    pub(super) project: i64,
    pub(super) due: DateTime<Utc>,
}

/// What became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct JobEnd<'a> {
    pub(super) outcome: JobOutcome,
    pub(super) run: Option<RunId>,
    pub(super) lines: &'a [String],
}

/// A job of the instance, claimed by this process.
#[derive(Clone, Copy, Debug)]
pub struct ClaimedJob {
    id: i64,
    started_at: DateTime<Utc>,
}

/// Notes a job that began and ended now; false where it stands there already.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    job: Job,
    end: JobEnd<'_>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let Some(id) = enter(tx, job, end.outcome, Some(now), now).await? else {
        return Ok(false);
    };
    if let Some(run) = end.run {
        let sql = "UPDATE llm_job_runs SET run_id = $2 WHERE id = $1";
        rows::execute(tx, sql, [id.into(), run.0.into()]).await?;
    }
    write_lines(tx, id, end.outcome, end.lines, now).await?;
    forget_old(tx, job).await?;
    Ok(true)
}

async fn enter(
    tx: &DatabaseTransaction,
    job: Job,
    outcome: JobOutcome,
    finished_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<Option<i64>> {
    let sql = "INSERT INTO llm_job_runs \
        (job, workspace_id, project_id, slot, outcome, started_at, finished_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (job, project_id, slot) DO NOTHING \
        RETURNING id";
    let values: [Value; 7] = [
        job.kind.word().into(),
        job.workspace.into(),
        job.project.into(),
        slot_name(job.due).into(),
        outcome.word().into(),
        now.into(),
        finished_at.into(),
    ];
    let row = rows::one(tx, sql, values).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn write_lines(
    tx: &DatabaseTransaction,
    job: i64,
    outcome: JobOutcome,
    lines: &[String],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let level = match outcome {
        JobOutcome::Done | JobOutcome::Running => "info",
        _ => "warning",
    };
    let rows = lines
        .iter()
        .map(|line| [job.into(), now.into(), level.into(), line.clone().into()])
        .collect();
    let columns = ["job_run_id", "at", "level", "line"];
    rows::insert(tx, "llm_job_lines", columns, rows, "").await?;
    Ok(())
}

/// A project that runs each hour does not fill the disk.
async fn forget_old(tx: &DatabaseTransaction, job: Job) -> StoreResult<()> {
    let sql = "SELECT id FROM llm_job_runs WHERE job = $1 AND project_id = $2 \
        ORDER BY id DESC LIMIT 1 OFFSET $3";
    let values = [job.kind.word().into(), job.project.into(), KEPT.into()];
    let Some(row) = rows::one(tx, sql, values).await? else {
        return Ok(());
    };
    let last: i64 = row.try_get_by_index(0)?;
    for sql in [
        "DELETE FROM llm_job_lines WHERE job_run_id IN \
         (SELECT id FROM llm_job_runs WHERE job = $1 AND project_id = $2 AND id <= $3)",
        "DELETE FROM llm_job_runs WHERE job = $1 AND project_id = $2 AND id <= $3",
    ] {
        let values = [job.kind.word().into(), job.project.into(), last.into()];
        rows::execute(tx, sql, values).await?;
    }
    Ok(())
}

impl Store {
    /// Takes a job of the instance for its slot, unless it was done or another host is at it.
    pub async fn claim_instance_job(
        &self,
        kind: JobKind,
        due: DateTime<Utc>,
    ) -> StoreResult<Option<ClaimedJob>> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let job = Job {
            kind,
            workspace: 0,
            project: 0,
            due,
        };
        let id = match enter(&tx, job, JobOutcome::Running, None, now).await? {
            Some(id) => Some(id),
            None => take_over(&tx, job, now).await?,
        };
        tx.commit().await?;
        Ok(id.map(|id| ClaimedJob {
            id,
            started_at: now,
        }))
    }

    /// Notes how a claimed job ended; a job that was taken over meanwhile is left alone.
    pub async fn end_instance_job(
        &self,
        job: ClaimedJob,
        outcome: JobOutcome,
        lines: &[String],
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let sql = "UPDATE llm_job_runs SET outcome = $3, finished_at = $4 \
            WHERE id = $1 AND started_at = $2 AND finished_at IS NULL";
        let values: [Value; 4] = [
            job.id.into(),
            job.started_at.into(),
            outcome.word().into(),
            now.into(),
        ];
        if rows::execute(&tx, sql, values).await?.rows_affected() > 0 {
            write_lines(&tx, job.id, outcome, lines, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Whether a job of the instance is over for its slot.
    pub async fn is_instance_job_done(
        &self,
        kind: JobKind,
        due: DateTime<Utc>,
    ) -> StoreResult<bool> {
        let sql = "SELECT 1 FROM llm_job_runs WHERE job = $1 AND project_id = 0 AND slot = $2 \
            AND finished_at IS NOT NULL";
        let values = [kind.word().into(), slot_name(due).into()];
        Ok(rows::one(self.reader(), sql, values).await?.is_some())
    }

    /// The newest times of a project's job, the newest first.
    pub async fn jobs_of_project(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        limit: u32,
    ) -> StoreResult<Vec<JobView>> {
        job_views(
            self.reader(),
            "j.job = 'run' AND j.workspace_id = $1 AND j.project_id = $2",
            [workspace.0.into(), project.0.into()],
            limit,
        )
        .await
    }

    /// The newest times of a job of the instance, the newest first.
    pub async fn instance_jobs(&self, kind: JobKind, limit: u32) -> StoreResult<Vec<JobView>> {
        job_views(
            self.reader(),
            "j.job = $1 AND j.project_id = $2",
            [kind.word().into(), 0_i64.into()],
            limit,
        )
        .await
    }

    /// The newest time of each project of a workspace.
    pub async fn last_jobs(
        &self,
        workspace: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, JobView>> {
        let sql = format!(
            "SELECT {VIEW}, j.project_id FROM {FROM} WHERE j.id IN (SELECT MAX(id) FROM llm_job_runs \
             WHERE workspace_id = $1 AND job = 'run' GROUP BY project_id)"
        );
        let found = rows::all(self.reader(), sql, [workspace.0.into()]).await?;
        found
            .iter()
            .map(|row| {
                let project: i64 = row.try_get_by_index(7)?;
                Ok((ProjectId(project), job_view(row)?))
            })
            .collect()
    }
}

async fn take_over(
    tx: &DatabaseTransaction,
    job: Job,
    now: DateTime<Utc>,
) -> StoreResult<Option<i64>> {
    let sql = "UPDATE llm_job_runs SET started_at = $3 \
        WHERE job = $1 AND project_id = 0 AND slot = $2 AND finished_at IS NULL \
        AND started_at <= $4 RETURNING id";
    let values: [Value; 4] = [
        job.kind.word().into(),
        slot_name(job.due).into(),
        now.into(),
        (now - GIVEN_UP).into(),
    ];
    let row = rows::one(tx, sql, values).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

const VIEW: &str = "j.id, j.slot, j.started_at, j.finished_at, j.outcome, r.id, r.status";
const FROM: &str = "llm_job_runs j LEFT JOIN llm_monitoring_analysis_runs r ON r.id = j.run_id";

async fn job_views(
    connection: &impl ConnectionTrait,
    which: &str,
    values: [Value; 2],
    limit: u32,
) -> StoreResult<Vec<JobView>> {
    let sql = format!("SELECT {VIEW} FROM {FROM} WHERE {which} ORDER BY j.id DESC LIMIT {limit}");
    let found = rows::all(connection, sql, values).await?;
    let mut views = found
        .iter()
        .map(job_view)
        .collect::<StoreResult<Vec<_>>>()?;
    let sql = format!(
        "SELECT job_run_id, at, level, line FROM llm_job_lines WHERE job_run_id IN ({}) ORDER BY id",
        rows::id_list(views.iter().map(|view| view.id))
    );
    for row in rows::all(connection, sql, []).await? {
        let job: i64 = row.try_get_by_index(0)?;
        let is_warning = row.try_get_by_index::<String>(2)? == "warning";
        let line = (
            row.try_get_by_index(1)?,
            is_warning,
            row.try_get_by_index(3)?,
        );
        if let Some(view) = views.iter_mut().find(|view| view.id == job) {
            view.lines.push(line);
        }
    }
    Ok(views)
}

fn slot_of(name: &str) -> StoreResult<DateTime<Utc>> {
    name.parse()
        .map_err(|_| StoreError::Corrupt(format!("slot {name:?}")))
}

fn job_view(row: &QueryResult) -> StoreResult<JobView> {
    let outcome: String = row.try_get_by_index(4)?;
    let run: Option<i64> = row.try_get_by_index(5)?;
    let status: Option<String> = row.try_get_by_index(6)?;
    let status = status.as_deref().and_then(RunStatus::from_word);
    Ok(JobView {
        id: row.try_get_by_index(0)?,
        due_at: slot_of(&row.try_get_by_index::<String>(1)?)?,
        started_at: row.try_get_by_index(2)?,
        finished_at: row.try_get_by_index(3)?,
        outcome: JobOutcome::from_word(&outcome)
            .ok_or_else(|| StoreError::Corrupt(format!("job outcome {outcome:?}")))?,
        run: run.map(RunId).zip(status),
        lines: Vec::new(),
    })
}
