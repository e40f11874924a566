//! What is said of a budget follows from what is spent; that it was said is a notice.

use sea_orm_migration::prelude::*;

/// Drops the alerts of before.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alerts = Table::drop();
        manager
            .drop_table(alerts.table(Alias::new("llm_budget_alerts")).take())
            .await
    }
}
