//! Notes on the charts of a project: what people write, and when a setting was changed.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, id, points_to, reference, run, table, text, time};

/// Adds the table and its index.
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
            reference("project_id"),
            day("day").not_null().take(),
            text("origin").not_null().take(),
            // What a person wrote; empty: a setting was changed.
            text("text").not_null().default("").take(),
            // What the setting was and what it became; empty: it was off.
            text("old_value").not_null().default("").take(),
            text("new_value").not_null().default("").take(),
            // Nothing: nobody, or nobody any more.
            count("author_id").null().take(),
            time("created_at").not_null().take(),
            // Nothing: it is there.
            time("removed_at").null().take(),
        ];
        let mut table = table(NOTES, columns);
        points_to(&mut table, NOTES, "workspace_id", "workspaces");
        points_to(&mut table, NOTES, "project_id", "llm_monitoring_projects");
        points_to(&mut table, NOTES, "author_id", "users");
        manager.create_table(table).await?;
        run(manager, &[BY_DAY, ONE_A_DAY]).await
    }
}

const NOTES: &str = "llm_monitoring_chart_notes";

const BY_DAY: &str = "CREATE INDEX ix_chart_notes_day ON llm_monitoring_chart_notes \
    (project_id, day)";

/// A setting that is changed again on the same day is one note.
const ONE_A_DAY: &str = "CREATE UNIQUE INDEX uq_setting_note ON llm_monitoring_chart_notes \
    (project_id, origin, day) WHERE origin <> 'person'";
