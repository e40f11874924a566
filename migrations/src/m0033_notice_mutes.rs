//! The kinds of notices that people have muted for themselves.

use sea_orm_migration::prelude::*;

use crate::columns::{keyed, points_to, reference, text};

/// Makes a table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            reference("user_id"),
            reference("workspace_id"),
            text("kind").not_null().take(),
            // 0: of all projects, and what is of none. So it points nowhere, as that of a notice.
            reference("project_id"),
        ];
        let mut mutes = keyed(
            MUTES,
            columns,
            &["user_id", "workspace_id", "kind", "project_id"],
        );
        points_to(&mut mutes, MUTES, "user_id", "users");
        points_to(&mut mutes, MUTES, "workspace_id", "workspaces");
        manager.create_table(mutes).await
    }
}

const MUTES: &str = "llm_notice_mutes";
