//! The demonstration project of a workspace, and the projects that a person has pinned.

use sea_orm_migration::prelude::*;

use crate::columns::{add_columns, flag, keyed, points_to, reference, run};

/// Adds a column, an index and a table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_demo = flag("is_demo").not_null().default(false).take();
        add_columns(manager, "llm_monitoring_projects", vec![is_demo]).await?;
        run(manager, &[ONE_DEMO]).await?;
        let columns = vec![
            reference("user_id"),
            reference("project_id"),
            reference("workspace_id"),
        ];
        let mut table = keyed(PINS, columns, &["user_id", "project_id"]);
        points_to(&mut table, PINS, "user_id", "users");
        points_to(&mut table, PINS, "project_id", "llm_monitoring_projects");
        points_to(&mut table, PINS, "workspace_id", "workspaces");
        manager.create_table(table).await
    }
}

const PINS: &str = "llm_monitoring_pins";

/// One that is being made is out of sight, as if it were deleted.
const ONE_DEMO: &str = "CREATE UNIQUE INDEX uq_one_demo ON llm_monitoring_projects (workspace_id) \
    WHERE is_demo AND deleted_at IS NULL";
