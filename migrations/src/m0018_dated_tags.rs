//! Since when questions have their tags.

use sea_orm_migration::prelude::*;

use crate::columns::{keyed, points_to, reference, run, text, time};

/// Adds the table; questions that are there already have had their tags since they were made,
/// for all that is known.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(history_table()).await?;
        run(manager, FILL).await
    }
}

const HISTORY: &str = "llm_monitoring_tag_history";

const FILL: &[&str] = &[
    "INSERT INTO llm_monitoring_tag_history (workspace_id, query_id, starts_at, tags) \
     SELECT workspace_id, id, created_at, tags FROM llm_monitoring_queries",
];

/// The tags of a question from a moment on, up to its next row.
fn history_table() -> TableCreateStatement {
    let mut table = keyed(
        HISTORY,
        vec![
            reference("workspace_id"),
            reference("query_id"),
            time("starts_at").not_null().take(),
            text("tags").not_null().take(),
        ],
        &["query_id", "starts_at"],
    );
    points_to(&mut table, HISTORY, "workspace_id", "workspaces");
    points_to(&mut table, HISTORY, "query_id", "llm_monitoring_queries");
    table
}
