//! What happens by itself: when projects run, what became of each job, who is told of what.

use sea_orm_migration::prelude::*;

use crate::columns::{count, id, points_to, reference, run, table, text, time};

/// Adds schedules, the book of jobs, notices and the mails that carry them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in new_columns() {
            let mut change = Table::alter();
            change.table(Alias::new(table)).add_column(column);
            manager.alter_table(change.take()).await?;
        }
        for table in [job_table(), job_line_table(), notice_table(), mail_table()] {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await
    }
}

const PROJECTS: &str = "llm_monitoring_projects";
const JOBS: &str = "llm_job_runs";
const LINES: &str = "llm_job_lines";
const NOTICES: &str = "llm_notices";
const MAILS: &str = "llm_mails";

const INDEXES: &[&str] = &[
    // A look every few seconds reads only the projects that are due.
    "CREATE INDEX ix_due_projects ON llm_monitoring_projects (next_slot_at) \
     WHERE next_slot_at IS NOT NULL",
    "CREATE UNIQUE INDEX uq_job_slot ON llm_job_runs (job, project_id, slot)",
    "CREATE INDEX ix_jobs_of_workspace ON llm_job_runs (workspace_id, id)",
    "CREATE INDEX ix_job_lines ON llm_job_lines (job_run_id, id)",
    // Said once: who looks again and finds the same says nothing.
    "CREATE UNIQUE INDEX uq_notice ON llm_notices (workspace_id, kind, subject)",
    "CREATE INDEX ix_notices_of_workspace ON llm_notices (workspace_id, id)",
    "CREATE INDEX ix_waiting_mails ON llm_mails (next_try_at) WHERE state = 'waiting'",
    // Runs that a look for news has not read yet.
    "CREATE INDEX ix_runs_finished ON llm_monitoring_analysis_runs (finished_at) \
     WHERE finished_at IS NOT NULL",
];

fn new_columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        // A cron expression in the workspace's time zone; empty: only by hand. What was there
        // before ran only by hand, and goes on so.
        (PROJECTS, text("schedule").not_null().default("").take()),
        // The next moment at which it falls due, or the first that was missed.
        (PROJECTS, time("next_slot_at").null().take()),
        ("users", text("language").not_null().default("en").take()),
    ]
}

/// What a job did, one row a time that it fell due. Workspace and project 0: the instance's.
fn job_table() -> TableCreateStatement {
    table(
        JOBS,
        vec![
            id(),
            text("job").not_null().take(),
            reference("workspace_id"),
            reference("project_id"),
            text("slot").not_null().take(),
            text("outcome").not_null().take(),
            count("run_id").null().take(),
            time("started_at").not_null().take(),
            time("finished_at").null().take(),
        ],
    )
}

/// What it said meanwhile.
fn job_line_table() -> TableCreateStatement {
    let mut table = table(
        LINES,
        vec![
            id(),
            reference("job_run_id"),
            time("at").not_null().take(),
            text("level").not_null().take(),
            text("line").not_null().take(),
        ],
    );
    points_to(&mut table, LINES, "job_run_id", JOBS);
    table
}

/// What people are told, once each. Workspace 0: the admins of the instance.
fn notice_table() -> TableCreateStatement {
    table(
        NOTICES,
        vec![
            id(),
            reference("workspace_id"),
            text("kind").not_null().take(),
            text("subject").not_null().take(),
            reference("project_id"),
            // The facts of it, as JSON; words are made in the reader's language.
            text("facts").not_null().take(),
            time("raised_at").not_null().take(),
        ],
    )
}

/// Mails that are to be sent, one a notice and recipient.
fn mail_table() -> TableCreateStatement {
    let mut table = table(
        MAILS,
        vec![
            id(),
            reference("notice_id"),
            text("recipient").not_null().take(),
            text("language").not_null().take(),
            text("state").not_null().take(),
            count("tries").not_null().take(),
            time("next_try_at").not_null().take(),
            time("sent_at").null().take(),
            text("last_error").null().take(),
        ],
    );
    points_to(&mut table, MAILS, "notice_id", NOTICES);
    table
}
