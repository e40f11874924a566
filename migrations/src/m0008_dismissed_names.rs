//! Names that stand beside a brand and were dismissed as competitors.

use sea_orm_migration::prelude::*;

use crate::columns::{keyed, points_to, reference, text, time};

/// Adds their table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            reference("project_id"),
            // The name, folded: no spelling of it comes up again.
            text("name_key").not_null().take(),
            text("name").not_null().take(),
            reference("workspace_id"),
            time("dismissed_at").not_null().take(),
        ];
        let mut table = keyed(NAMES, columns, &["project_id", "name_key"]);
        points_to(&mut table, NAMES, "project_id", "llm_monitoring_projects");
        points_to(&mut table, NAMES, "workspace_id", "workspaces");
        manager.create_table(table).await
    }
}

const NAMES: &str = "llm_monitoring_dismissed_names";
