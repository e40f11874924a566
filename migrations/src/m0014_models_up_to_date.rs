//! What long asks cost instead, models that outlive the day of their end, and projects whose
//! model was replaced. The limit of an answer means what it says from now on.

use sea_orm_migration::prelude::*;

use crate::columns::{count, flag, id, points_to, reference, run, table, time};

/// Adds columns to the registry and its prices, and a table of replaced models.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "above_tokens",
            "input_above_nano_usd_per_1m",
            "output_above_nano_usd_per_1m",
            "cached_input_above_nano_usd_per_1m",
        ] {
            add(manager, PRICES, count(column).null().take()).await?;
        }
        // A provider's list says, after the day of its end, that the model still answers.
        let overdue = flag("is_overdue").not_null().default(false).take();
        add(manager, MODELS, overdue).await?;
        manager.create_table(replacement_table()).await?;
        run(manager, INDEXES).await?;
        run(manager, &[LIMITS]).await
    }
}

const MODELS: &str = "llm_model_registry";
const PRICES: &str = "llm_model_prices";
const REPLACEMENTS: &str = "llm_model_replacements";

const INDEXES: &[&str] = &["CREATE UNIQUE INDEX uq_llm_model_replacements \
     ON llm_model_replacements (project_id, old_model_id)"];

/// Up to now the column said what a model could write at most, and 2,048 tokens were asked for
/// all the same. What nobody has set becomes the limit that new installations begin with; what
/// an admin has set is meant.
const LIMITS: &str = "UPDATE llm_model_registry SET max_tokens = 16000 WHERE max_tokens > 16000 \
    AND NOT EXISTS (SELECT 1 FROM llm_model_changelog c \
        WHERE c.model_id = llm_model_registry.id AND c.action = 'max_tokens')";

async fn add(
    manager: &SchemaManager<'_>,
    to: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    let mut add = Table::alter();
    add.table(Alias::new(to)).add_column(column);
    manager.alter_table(add.take()).await
}

/// One row for each model of a project in whose place another one is asked now.
fn replacement_table() -> TableCreateStatement {
    let mut table = table(
        REPLACEMENTS,
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("old_model_id"),
            reference("new_model_id"),
            time("replaced_at").not_null().take(),
        ],
    );
    points_to(&mut table, REPLACEMENTS, "workspace_id", "workspaces");
    points_to(
        &mut table,
        REPLACEMENTS,
        "project_id",
        "llm_monitoring_projects",
    );
    points_to(&mut table, REPLACEMENTS, "old_model_id", MODELS);
    points_to(&mut table, REPLACEMENTS, "new_model_id", MODELS);
    table
}
