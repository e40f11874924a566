//! Taking access away: accounts that are disabled, passwords that are for once, and when
//! somebody last proved at the screen that it is them.

use sea_orm_migration::prelude::*;

use crate::columns::time;

/// Adds columns.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("users", time("disabled_at")),
            // Nothing: a password of the user's own.
            ("users", time("password_ends_at")),
            // Nothing: not since sessions remember it.
            ("sessions", time("proved_at")),
        ] {
            let mut change = Table::alter();
            change
                .table(Alias::new(table))
                .add_column(column.clone().null().take());
            manager.alter_table(change.take()).await?;
        }
        Ok(())
    }
}
