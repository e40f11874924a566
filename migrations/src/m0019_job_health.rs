//! How the background jobs of each process go.

use sea_orm_migration::prelude::*;

use crate::columns::{count, flag, keyed, text, time};

/// Adds the table. What an older queue kept in the schema `apalis` stays: a host of an older
/// version may still run beside this one.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let health = keyed(
            "llm_job_health",
            vec![
                text("job").not_null().take(),
                text("process").not_null().take(),
                count("late_after_seconds").not_null().take(),
                time("started_at").not_null().take(),
                time("last_success_at"),
                time("last_failure_at"),
                text("last_failure"),
                count("panics").not_null().take(),
                count("restarts").not_null().take(),
                flag("is_done").not_null().take(),
                time("told_at").not_null().take(),
            ],
            &["job", "process"],
        );
        manager.create_table(health).await
    }
}
