//! Answers that could not be read, by revision.

use sea_orm_migration::prelude::*;

use crate::columns::{keyed, points_to, reference, run};

/// Adds the table; what was stored before was counted as read.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UNREAD: &str = "llm_monitoring_unread";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = keyed(
            UNREAD,
            vec![
                reference("revision_id"),
                reference("result_id"),
                reference("workspace_id"),
            ],
            &["revision_id", "result_id"],
        );
        points_to(
            &mut table,
            UNREAD,
            "revision_id",
            "llm_monitoring_revisions",
        );
        points_to(&mut table, UNREAD, "result_id", "llm_monitoring_results");
        manager.create_table(table).await?;
        run(manager, &[OF_ANSWERS]).await
    }
}

/// Who shows an answer, or deletes it, asks whether it could be read.
const OF_ANSWERS: &str = "CREATE INDEX ix_unread_of_answers ON llm_monitoring_unread (result_id)";
