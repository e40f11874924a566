//! Taking access away: accounts that are disabled, passwords that are for once, and when
//! somebody last proved at the screen that it is them.

use sea_orm_migration::prelude::*;

use crate::columns::{add_columns, time};

/// Adds columns.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_users = vec![
            time("disabled_at").null().take(),
            // Nothing: a password of the user's own.
            time("password_ends_at").null().take(),
        ];
        add_columns(manager, "users", of_users).await?;
        // Nothing: not since sessions remember it.
        let proved_at = time("proved_at").null().take();
        add_columns(manager, "sessions", vec![proved_at]).await
    }
}
