//! Erases deleted projects in small steps: their texts, numbers and names.
//!
//! Invariant: each step is a transaction of its own that deletes at most a few hundred rows and
//! their dependants. If the process dies in the middle, the next one continues with the rest. What
//! stays has no words in it: runs, lanes, asks and the ledger, which says what was paid, with empty
//! rows where these point to questions, names and pages.

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::project::ProjectDraft;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, Value,
};

use super::notice_names::forget_names;
use crate::store::entity::project;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Rows of one kind that a step takes.
const AT_ONCE: u32 = 200;

/// What a step does to some rows of a project, `$1`.
enum Step {
    /// Deletes rows with an id, and first what points to them: a table and which of its rows,
    /// `{ids}` being the list.
    WithChildren {
        table: &'static str,
        which: &'static str,
        children: &'static [(&'static str, &'static str)],
    },
    /// Deletes rows.
    Delete(&'static str, &'static str),
    /// Empties rows that others point to.
    Blank {
        table: &'static str,
        which: &'static str,
        change: &'static str,
    },
}

const OF_PROJECT: &str = "project_id = $1";
const OF_REVISIONS: &str =
    "revision_id IN (SELECT id FROM llm_monitoring_revisions WHERE project_id = $1)";
const OF_QUESTIONS: &str =
    "query_id IN (SELECT id FROM llm_monitoring_queries WHERE project_id = $1)";

/// In this order: nothing is deleted that something still points to.
const STEPS: &[Step] = &[
    Step::WithChildren {
        table: "llm_monitoring_results",
        which: OF_PROJECT,
        children: &[
            ("llm_monitoring_findings", "result_id IN ({ids})"),
            ("llm_monitoring_unread", "result_id IN ({ids})"),
            ("llm_monitoring_judgements", "result_id IN ({ids})"),
            ("llm_monitoring_citations", "result_id IN ({ids})"),
            ("llm_monitoring_search_queries", "result_id IN ({ids})"),
            ("llm_monitoring_judge_answers", "result_id IN ({ids})"),
            (
                "llm_monitoring_attempts",
                "ask_id IN (SELECT ask_id FROM llm_monitoring_results WHERE id IN ({ids}))",
            ),
        ],
    },
    Step::WithChildren {
        table: "llm_monitoring_judge_passes",
        which: OF_PROJECT,
        children: &[("llm_monitoring_judge_answers", "pass_id IN ({ids})")],
    },
    Step::WithChildren {
        table: "llm_monitoring_snapshots",
        which: OF_REVISIONS,
        children: &[
            ("llm_monitoring_snapshot_entities", "snapshot_id IN ({ids})"),
            ("llm_monitoring_day_sheets", "snapshot_id IN ({ids})"),
        ],
    },
    Step::Delete("llm_monitoring_entity_rollups", OF_REVISIONS),
    Step::Delete("llm_monitoring_rollups", OF_REVISIONS),
    Step::Delete("llm_monitoring_week_entity_rollups", OF_REVISIONS),
    Step::Delete("llm_monitoring_week_rollups", OF_REVISIONS),
    Step::Delete("llm_monitoring_revision_entities", OF_REVISIONS),
    Step::Delete("llm_monitoring_revision_prompts", OF_REVISIONS),
    Step::Delete("llm_monitoring_revisions", OF_PROJECT),
    Step::Delete("llm_monitoring_served_days", OF_PROJECT),
    Step::Delete("llm_monitoring_dismissed_names", OF_PROJECT),
    Step::Delete("llm_monitoring_pins", OF_PROJECT),
    Step::Delete("llm_monitoring_chart_notes", OF_PROJECT),
    Step::Delete("saved_views", OF_PROJECT),
    Step::Delete("llm_monitoring_project_models", OF_PROJECT),
    Step::Delete("llm_model_replacements", OF_PROJECT),
    Step::Delete("llm_monitoring_tag_history", OF_QUESTIONS),
    Step::Delete("llm_notice_mutes", OF_PROJECT),
    Step::WithChildren {
        table: "llm_notices",
        which: OF_PROJECT,
        children: &[("llm_mails", "notice_id IN ({ids})")],
    },
    Step::WithChildren {
        table: "llm_job_runs",
        which: OF_PROJECT,
        children: &[("llm_job_lines", "job_run_id IN ({ids})")],
    },
    // Replies that are kept for requests that come again: which project they tell of is not noted.
    Step::Blank {
        table: "rest_replies",
        which: "workspace_id = (SELECT workspace_id FROM llm_monitoring_projects WHERE id = $1) \
            AND content_type IS NOT NULL",
        change: "content_type = NULL, body = NULL",
    },
    Step::Blank {
        table: "llm_monitoring_pages",
        which: "project_id = $1 AND url <> ''",
        change: "page_key = 'erased ' || CAST(id AS TEXT), url = '', host = '', domain = '', \
            title = NULL",
    },
    Step::Blank {
        table: "llm_monitoring_queries",
        which: "project_id = $1 AND query_text <> ''",
        change: "query_key = 'erased ' || CAST(id AS TEXT), query_text = '', tags = '[]', \
            is_active = FALSE, removed_at = COALESCE(removed_at, created_at)",
    },
    Step::Blank {
        table: "llm_monitoring_entities",
        which: "project_id = $1 AND name <> ''",
        change: "name = '', aliases = '[]', domains = '[]'",
    },
];

/// A project that is being erased, and how far this process has come.
#[derive(Clone, Copy, Debug)]
pub struct Erasing {
    /// The project.
    pub project: ProjectId,
    step: usize,
}

impl Store {
    /// The projects whose time has come, those that were deleted first before others. One whose
    /// run or judge is not through yet waits. One that is half erased does not become whole again
    /// by a longer term: nobody could restore it, and it would count against its workspace.
    pub async fn projects_to_erase(&self) -> StoreResult<Vec<Erasing>> {
        let deleted_until = self.clock().now() - self.retention().erase_after;
        let sql = "SELECT p.id FROM llm_monitoring_projects p \
            WHERE p.deleted_at IS NOT NULL AND p.erased_at IS NULL \
            AND (p.deleted_at <= $1 OR p.erase_begun_at IS NOT NULL) \
            AND NOT EXISTS (SELECT 1 FROM llm_monitoring_analysis_runs r \
                WHERE r.project_id = p.id AND r.finished_at IS NULL) \
            AND NOT EXISTS (SELECT 1 FROM llm_monitoring_judge_passes j \
                WHERE j.project_id = p.id AND j.status IN ('queued', 'running')) \
            ORDER BY p.deleted_at, p.id";
        let due = rows::column(self.reader(), sql, [deleted_until.into()]).await?;
        let erasing = |project| Erasing { project, step: 0 };
        Ok(due.into_iter().map(erasing).collect())
    }

    /// Erases some more of a project; `None`: it is done, or was restored meanwhile.
    pub async fn erase_some(&self, at: Erasing) -> StoreResult<Option<Erasing>> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        // From now on it cannot be restored; and no other host works on it at the same time.
        let begin = "UPDATE llm_monitoring_projects \
            SET erase_begun_at = COALESCE(erase_begun_at, $2) \
            WHERE id = $1 AND deleted_at IS NOT NULL AND erased_at IS NULL";
        let values: [Value; 2] = [at.project.0.into(), now.into()];
        if rows::execute(&tx, begin, values).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let mut step = at.step;
        while let Some(todo) = STEPS.get(step) {
            if take(&tx, todo, at.project).await? {
                tx.commit().await?;
                return Ok(Some(Erasing { step, ..at }));
            }
            step += 1;
        }
        finish(&tx, at.project, now).await?;
        tx.commit().await?;
        Ok(None)
    }
}

/// Empties the project's own row, the last: whatever was typed into it is as if nothing had been.
async fn finish(
    tx: &DatabaseTransaction,
    project_id: ProjectId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let row = project::Entity::find_by_id(project_id.0)
        .one(tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    forget_names(tx, WorkspaceId(row.workspace_id)).await?;
    let mut erased: project::ActiveModel = row.into();
    erased.take_over(&ProjectDraft::default(), now);
    // No two projects have the same.
    erased.name_key = Set(format!("erased {project_id}"));
    erased.stored_bytes = Set(0);
    erased.erased_at = Set(Some(now));
    erased.update(tx).await?;
    Ok(())
}

/// Does a step to some rows; whether there were any.
async fn take(tx: &DatabaseTransaction, step: &Step, project: ProjectId) -> StoreResult<bool> {
    let values = || [Value::from(project.0)];
    match step {
        Step::WithChildren {
            table,
            which,
            children,
        } => {
            let sql = format!("SELECT id FROM {table} WHERE {which} ORDER BY id LIMIT {AT_ONCE}");
            let ids: Vec<i64> = rows::column(tx, sql, values()).await?;
            if ids.is_empty() {
                return Ok(false);
            }
            // In the text, as nothing of these statements stays prepared.
            let ids = rows::few_ids(ids);
            for (child, theirs) in *children {
                let theirs = theirs.replace("{ids}", &ids);
                tx.execute_unprepared(&format!("DELETE FROM {child} WHERE {theirs}"))
                    .await?;
            }
            tx.execute_unprepared(&format!("DELETE FROM {table} WHERE id IN ({ids})"))
                .await?;
            Ok(true)
        }
        Step::Delete(table, which) => {
            let sql = format!("DELETE FROM {table} WHERE {}", some_of(tx, table, which));
            Ok(rows::execute(tx, sql, values()).await?.rows_affected() > 0)
        }
        Step::Blank {
            table,
            which,
            change,
        } => {
            let some = some_of(tx, table, which);
            let sql = format!("UPDATE {table} SET {change} WHERE {some}");
            Ok(rows::execute(tx, sql, values()).await?.rows_affected() > 0)
        }
    }
}

/// Some of the rows, by the place that the database itself knows them by: not all have an id.
fn some_of(tx: &DatabaseTransaction, table: &str, which: &str) -> String {
    match tx.get_database_backend() {
        DbBackend::Postgres => {
            format!("ctid = ANY(ARRAY(SELECT t.ctid FROM {table} t WHERE {which} LIMIT {AT_ONCE}))")
        }
        _ => format!("rowid IN (SELECT t.rowid FROM {table} t WHERE {which} LIMIT {AT_ONCE})"),
    }
}
