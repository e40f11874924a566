//! Sheets: the sums by prompt of one model and day as one packed value.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, keyed, points_to, reference, time};

/// Adds the table. It begins empty: who reads a day that has no sheet makes it from its sums.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const SHEETS: &str = "llm_monitoring_day_sheets";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = keyed(
            SHEETS,
            vec![
                reference("snapshot_id"),
                reference("workspace_id"),
                // When the snapshot changed that it was made with.
                time("made_at").not_null().take(),
                bytes("sheet").not_null().take(),
            ],
            &["snapshot_id"],
        );
        // That of all prompts, which points to the workspace.
        points_to(
            &mut table,
            SHEETS,
            "snapshot_id",
            "llm_monitoring_snapshots",
        );
        manager.create_table(table).await
    }
}
