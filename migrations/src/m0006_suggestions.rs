//! Costs that belong to no run: what a model was paid for suggesting questions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{count, day, id, points_to, reference, run, table, text, time};

/// Lets the ledger hold a cost without a run, an ask or a project, its days one without a
/// project, and keeps what is set aside for a call that belongs to no lane and no pass.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => {
                rebuild(manager, LEDGER, ledger_table(), LEDGER_COLUMNS).await?;
                rebuild(manager, DAYS, day_table(), DAY_COLUMNS).await?;
                run(manager, LEDGER_INDEXES).await?;
            }
            _ => run(manager, LOOSEN).await?,
        }
        run(manager, &[ONE_ROW_A_DAY]).await?;
        manager.create_table(reservation_table()).await?;
        run(manager, &[RESERVATIONS_OF_A_WORKSPACE]).await
    }
}

const LEDGER: &str = "llm_spend_ledger";
const DAYS: &str = "llm_spend_days";
const RESERVATIONS: &str = "llm_spend_reservations";

const LEDGER_COLUMNS: &str = "id, workspace_id, project_id, run_id, ask_id, model_id, kind, \
    cost_kind, amount_nano_usd, booked_at";
const DAY_COLUMNS: &str = "workspace_id, day, project_id, model_id, amount_nano_usd, entries";

/// PostgreSQL changes the columns where they are; a primary key takes no NULL, so the index
/// below stands in for it.
const LOOSEN: &[&str] = &[
    "ALTER TABLE llm_spend_ledger ALTER COLUMN project_id DROP NOT NULL, \
     ALTER COLUMN run_id DROP NOT NULL, ALTER COLUMN ask_id DROP NOT NULL",
    "ALTER TABLE llm_spend_days DROP CONSTRAINT llm_spend_days_pkey",
    "ALTER TABLE llm_spend_days ALTER COLUMN project_id DROP NOT NULL",
];

/// The indexes that went with the old table, under their old names.
const LEDGER_INDEXES: &[&str] = &[
    "CREATE INDEX ix_llm_spend_ledger_workspace_id_booked_at_amount_nano_usd \
     ON llm_spend_ledger (workspace_id, booked_at, amount_nano_usd)",
    "CREATE INDEX ix_llm_spend_ledger_run_id ON llm_spend_ledger (run_id)",
];

/// No project counts as 0 here: no row has that id, and two NULLs are never the same.
const ONE_ROW_A_DAY: &str = "CREATE UNIQUE INDEX uq_llm_spend_days ON llm_spend_days \
    (workspace_id, day, COALESCE(project_id, 0), model_id)";

const RESERVATIONS_OF_A_WORKSPACE: &str =
    "CREATE INDEX ix_llm_spend_reservations ON llm_spend_reservations (workspace_id)";

/// SQLite cannot loosen a column: the rows move to a new table, which takes the old one's name.
/// No other table points to either of them.
async fn rebuild(
    manager: &SchemaManager<'_>,
    name: &str,
    mut table: TableCreateStatement,
    columns: &str,
) -> Result<(), DbErr> {
    manager.create_table(table.take()).await?;
    let statements = [
        format!("INSERT INTO {name}_new ({columns}) SELECT {columns} FROM {name}"),
        format!("DROP TABLE {name}"),
        format!("ALTER TABLE {name}_new RENAME TO {name}"),
    ];
    run(manager, &statements).await
}

fn ledger_table() -> TableCreateStatement {
    let name = "llm_spend_ledger_new";
    let mut table = table(
        name,
        vec![
            id(),
            reference("workspace_id"),
            count("project_id").null().take(),
            count("run_id").null().take(),
            count("ask_id").null().take(),
            reference("model_id"),
            text("kind").not_null().take(),
            text("cost_kind").not_null().take(),
            count("amount_nano_usd").not_null().take(),
            time("booked_at").not_null().take(),
        ],
    );
    points_to(&mut table, name, "workspace_id", "workspaces");
    points_to(&mut table, name, "project_id", "llm_monitoring_projects");
    points_to(&mut table, name, "run_id", "llm_monitoring_analysis_runs");
    points_to(&mut table, name, "ask_id", "llm_monitoring_asks");
    points_to(&mut table, name, "model_id", "llm_model_registry");
    table
}

fn day_table() -> TableCreateStatement {
    let name = "llm_spend_days_new";
    let mut table = table(
        name,
        vec![
            reference("workspace_id"),
            day("day").not_null().take(),
            count("project_id").null().take(),
            reference("model_id"),
            count("amount_nano_usd").not_null().take(),
            count("entries").not_null().take(),
        ],
    );
    points_to(&mut table, name, "workspace_id", "workspaces");
    points_to(&mut table, name, "project_id", "llm_monitoring_projects");
    points_to(&mut table, name, "model_id", "llm_model_registry");
    table
}

/// Money set aside for a call under way, for as long as nobody knows what it cost.
fn reservation_table() -> TableCreateStatement {
    let mut table = table(
        RESERVATIONS,
        vec![
            id(),
            reference("workspace_id"),
            count("project_id").null().take(),
            reference("model_id"),
            text("kind").not_null().take(),
            count("reserved_nano_usd").not_null().take(),
            time("expires_at").not_null().take(),
        ],
    );
    points_to(&mut table, RESERVATIONS, "workspace_id", "workspaces");
    points_to(
        &mut table,
        RESERVATIONS,
        "project_id",
        "llm_monitoring_projects",
    );
    points_to(&mut table, RESERVATIONS, "model_id", "llm_model_registry");
    table
}
