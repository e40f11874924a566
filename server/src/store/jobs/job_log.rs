//! The log of jobs: each time that a job fell due, its outcome, and the lines that it logged.

use std::collections::HashMap;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::run::RunStatus;
use app::model::schedule::{JobKind, JobOutcome, JobView};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use crate::calendar::slot_name;
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
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
    rows::value(tx, sql, values).await
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
        .map(|line| {
            new_row! {
                job_run_id = job,
                at = now,
                level = level,
                line = line.clone(),
            }
        })
        .collect();
    rows::insert_rows(tx, "llm_job_lines", rows, "").await?;
    Ok(())
}

/// A project that runs each hour does not fill the disk.
async fn forget_old(tx: &DatabaseTransaction, job: Job) -> StoreResult<()> {
    let sql = "SELECT id FROM llm_job_runs WHERE job = $1 AND project_id = $2 \
        ORDER BY id DESC LIMIT 1 OFFSET $3";
    let values = [job.kind.word().into(), job.project.into(), KEPT.into()];
    let last: Option<i64> = rows::value(tx, sql, values).await?;
    let Some(last) = last else {
        return Ok(());
    };
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
        workspace_id: WorkspaceId,
        project: ProjectId,
        limit: u32,
    ) -> StoreResult<Vec<JobView>> {
        job_views(
            self.reader(),
            "j.job = 'run' AND j.workspace_id = $1 AND j.project_id = $2",
            [workspace_id.0.into(), project.0.into()],
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
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<ProjectId, JobView>> {
        let rest = format!(
            "FROM {FROM} WHERE j.id IN (SELECT MAX(id) FROM llm_job_runs \
             WHERE workspace_id = $1 AND job = 'run' GROUP BY project_id)"
        );
        let found: Vec<JobOfProject> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        found
            .into_iter()
            .map(|of| Ok((of.project, job_view(of.job)?)))
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
    rows::value(tx, sql, values).await
}

record! {
    /// A time that a job fell due, and the run that came of it.
    struct JobRow {
        id: i64 = "j.id",
        slot: String = "j.slot",
        started_at: DateTime<Utc> = "j.started_at",
        finished_at: Option<DateTime<Utc>> = "j.finished_at",
        outcome: JobOutcome = "j.outcome",
        run: Option<RunId> = "r.id",
        run_status: Option<RunStatus> = "r.status",
    }
}

record! {
    struct JobOfProject {
        project: ProjectId = "j.project_id",
        job: JobRow as "",
    }
}

record! {
    /// What a job said.
    struct JobLine {
        job: i64 = "job_run_id",
        at: DateTime<Utc> = "at",
        level: String = "level",
        line: String = "line",
    }
}

const FROM: &str = "llm_job_runs j LEFT JOIN llm_monitoring_analysis_runs r ON r.id = j.run_id";

async fn job_views(
    connection: &impl ConnectionTrait,
    which: &str,
    values: [Value; 2],
    limit: u32,
) -> StoreResult<Vec<JobView>> {
    let rest = format!("FROM {FROM} WHERE {which} ORDER BY j.id DESC LIMIT {limit}");
    let found: Vec<JobRow> = rows::select(connection, rest, values).await?;
    let mut views = found
        .into_iter()
        .map(job_view)
        .collect::<StoreResult<Vec<_>>>()?;
    let rest = format!(
        "FROM llm_job_lines WHERE job_run_id IN ({}) ORDER BY id",
        rows::id_list(views.iter().map(|view| view.id))
    );
    let lines: Vec<JobLine> = rows::select(connection, rest, []).await?;
    for said in lines {
        if let Some(view) = views.iter_mut().find(|view| view.id == said.job) {
            let is_warning = said.level == "warning";
            view.lines.push((said.at, is_warning, said.line));
        }
    }
    Ok(views)
}

fn slot_of(name: &str) -> StoreResult<DateTime<Utc>> {
    name.parse()
        .map_err(|_| StoreError::Corrupt(format!("slot {name:?}")))
}

fn job_view(row: JobRow) -> StoreResult<JobView> {
    Ok(JobView {
        id: row.id,
        due_at: slot_of(&row.slot)?,
        started_at: row.started_at,
        finished_at: row.finished_at,
        outcome: row.outcome,
        run: row.run.zip(row.run_status),
        lines: Vec::new(),
    })
}
