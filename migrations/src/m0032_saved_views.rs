//! The views of tables that people save under a name.

use sea_orm_migration::prelude::*;

use crate::columns::{count, flag, id, points_to, reference, run, table, text, time};

/// Makes a table and its indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            id(),
            reference("workspace_id"),
            // Whose it is.
            reference("user_id"),
            text("place").not_null().take(),
            // Nothing: of a page of the workspace.
            count("project_id").null().take(),
            text("name").not_null().take(),
            text("address").not_null().take(),
            // A list in JSON.
            text("columns").not_null().take(),
            flag("is_shared").not_null().take(),
            flag("is_default").not_null().take(),
            time("created_at").not_null().take(),
            time("updated_at").not_null().take(),
        ];
        let mut views = table(VIEWS, columns);
        points_to(&mut views, VIEWS, "workspace_id", "workspaces");
        points_to(&mut views, VIEWS, "user_id", "users");
        points_to(&mut views, VIEWS, "project_id", "llm_monitoring_projects");
        manager.create_table(views).await?;
        run(manager, &[OF_A_PLACE, ONE_DEFAULT]).await
    }
}

const VIEWS: &str = "saved_views";

const OF_A_PLACE: &str = "CREATE INDEX ix_saved_views_place ON saved_views (workspace_id, place)";

const ONE_DEFAULT: &str = "CREATE UNIQUE INDEX uq_one_default_view ON saved_views \
    (user_id, workspace_id, place, COALESCE(project_id, 0)) WHERE is_default";
