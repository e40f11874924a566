//! What pacing and the budget keep: learnt windows, limits, reservations, spend by day.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, flag, keyed, points_to, reference, run, text, time};

/// Adds columns and tables; what the ledger holds already is summed by day.
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
        for table in [spend_day_table(), pace_table(), budget_alert_table()] {
            manager.create_table(table).await?;
        }
        run(
            manager,
            &[ONE_RUN_A_SLOT, LANES_OF_A_WORKSPACE, SPEND_SO_FAR],
        )
        .await
    }
}

const ONE_RUN_A_SLOT: &str = "CREATE UNIQUE INDEX uq_run_slot ON llm_monitoring_analysis_runs \
    (project_id, slot) WHERE slot IS NOT NULL";

/// Few lanes are open at any time: the sum of a workspace's reservations reads only these.
const LANES_OF_A_WORKSPACE: &str = "CREATE INDEX ix_open_lanes ON llm_monitoring_lanes \
    (workspace_id, provider) WHERE status <> 'done'";

/// The day of an answer is that of its workspace; a lost attempt has no answer, and the day
/// in UTC is the nearest that plain SQL knows.
const SPEND_SO_FAR: &str = "INSERT INTO llm_spend_days \
    (workspace_id, day, project_id, model_id, amount_nano_usd, entries) \
    SELECT workspace_id, day, project_id, model_id, SUM(amount_nano_usd), COUNT(*) FROM \
    (SELECT l.workspace_id, l.project_id, l.model_id, l.amount_nano_usd, \
     COALESCE((SELECT a.analysis_day FROM llm_monitoring_results a WHERE a.ask_id = l.ask_id), \
     DATE(l.booked_at)) AS day FROM llm_spend_ledger l) AS booked \
    GROUP BY workspace_id, day, project_id, model_id";

fn new_columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        (
            "llm_model_registry",
            count("max_in_flight").not_null().default(64).take(),
        ),
        ("user_llm_api_keys", count("max_in_flight").null().take()),
        (
            "llm_monitoring_lanes",
            count("reserved_nano_usd").not_null().default(0).take(),
        ),
        (
            "llm_monitoring_attempts",
            count("cost_nano_usd").not_null().default(0).take(),
        ),
        (
            "workspaces",
            flag("allow_unpriced").not_null().default(false).take(),
        ),
        (
            "llm_monitoring_projects",
            count("monthly_budget_nano_usd").null().take(),
        ),
        ("llm_monitoring_analysis_runs", text("slot").null().take()),
    ]
}

/// The ledger's sum by day (in the workspace's time zone), project and model; written with the
/// ledger, so that a month's spend is a sum of few rows.
fn spend_day_table() -> TableCreateStatement {
    let name = "llm_spend_days";
    let mut table = keyed(
        name,
        vec![
            reference("workspace_id"),
            day("day").not_null().take(),
            reference("project_id"),
            reference("model_id"),
            count("amount_nano_usd").not_null().take(),
            count("entries").not_null().take(),
        ],
        &["workspace_id", "day", "project_id", "model_id"],
    );
    points_to(&mut table, name, "workspace_id", "workspaces");
    points_to(&mut table, name, "project_id", "llm_monitoring_projects");
    points_to(&mut table, name, "model_id", "llm_model_registry");
    table
}

/// What was learnt of a key: how many asks a model took at the same time.
fn pace_table() -> TableCreateStatement {
    let name = "llm_monitoring_paces";
    let mut table = keyed(
        name,
        vec![
            reference("workspace_id"),
            reference("model_id"),
            count("window_size").not_null().take(),
            time("updated_at").not_null().take(),
        ],
        &["workspace_id", "model_id"],
    );
    points_to(&mut table, name, "workspace_id", "workspaces");
    points_to(&mut table, name, "model_id", "llm_model_registry");
    table
}

/// What was said of a month's budget, once each; project 0 stands for the workspace's own.
fn budget_alert_table() -> TableCreateStatement {
    let name = "llm_budget_alerts";
    let mut table = keyed(
        name,
        vec![
            reference("workspace_id"),
            reference("project_id"),
            day("month").not_null().take(),
            text("kind").not_null().take(),
            time("raised_at").not_null().take(),
        ],
        &["workspace_id", "project_id", "month", "kind"],
    );
    points_to(&mut table, name, "workspace_id", "workspaces");
    table
}
