//! The judge: which model a workspace chose, and how far it is with the answers of each run.

use sea_orm_migration::prelude::*;

use crate::columns::{count, id, points_to, reference, run, table, text, time};

/// Adds the choice, and the work on the answers of a run.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change
            .table(Alias::new(WORKSPACES))
            .add_column(count("judge_model_id").null().take());
        manager.alter_table(change.take()).await?;
        for table in [pass_table(), answer_table()] {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await
    }
}

const WORKSPACES: &str = "workspaces";
const PASSES: &str = "llm_monitoring_judge_passes";
const ANSWERS: &str = "llm_monitoring_judge_answers";

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX uq_judge_pass_run ON llm_monitoring_judge_passes (run_id)",
    // Few passes are open at any time: a look every second, and the sum of what they have set
    // aside, read only these.
    "CREATE INDEX ix_open_judge_passes ON llm_monitoring_judge_passes (workspace_id, id) \
     WHERE status IN ('queued', 'running')",
    "CREATE INDEX ix_judge_answers_state ON llm_monitoring_judge_answers \
     (pass_id, state, tries, result_id)",
];

/// One judge's work on the answers of one run.
fn pass_table() -> TableCreateStatement {
    let mut table = table(
        PASSES,
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("run_id"),
            reference("model_id"),
            text("status").not_null().take(),
            count("answers_total").not_null().take(),
            count("answers_done").not_null().take(),
            count("answers_failed").not_null().take(),
            count("cost_nano_usd").not_null().take(),
            count("reserved_nano_usd").not_null().take(),
            text("end_reason").null().take(),
            text("worker").null().take(),
            time("lease_until").null().take(),
            count("epoch").not_null().take(),
            time("created_at").not_null().take(),
            time("finished_at").null().take(),
        ],
    );
    points_to(&mut table, PASSES, "workspace_id", WORKSPACES);
    points_to(&mut table, PASSES, "project_id", "llm_monitoring_projects");
    points_to(&mut table, PASSES, "run_id", "llm_monitoring_analysis_runs");
    points_to(&mut table, PASSES, "model_id", "llm_model_registry");
    table
}

/// An answer that a pass is to judge. What is set aside for a call stands with its first answer.
fn answer_table() -> TableCreateStatement {
    let mut table = table(
        ANSWERS,
        vec![
            reference("pass_id"),
            reference("result_id"),
            reference("workspace_id"),
            text("state").not_null().take(),
            count("tries").not_null().take(),
            count("reserved_nano_usd").not_null().take(),
        ],
    );
    let mut key = Index::create();
    key.col(Alias::new("pass_id")).col(Alias::new("result_id"));
    table.primary_key(&mut key);
    points_to(&mut table, ANSWERS, "pass_id", PASSES);
    points_to(&mut table, ANSWERS, "result_id", "llm_monitoring_results");
    points_to(&mut table, ANSWERS, "workspace_id", WORKSPACES);
    table
}
