//! How much each workspace may spend on the operator's keys, and what it has spent on them.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, keyed, points_to, reference, run};

/// Adds the ceilings, nothing at first, and the sums. What was spent before does not count: who
/// paid for it is not known any more.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, COLUMNS).await?;
        manager.create_table(spent_table()).await
    }
}

const SPENT: &str = "llm_shared_spend_days";

const COLUMNS: &[&str] = &[
    "ALTER TABLE workspaces ADD COLUMN shared_key_ceiling_nano_usd BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE llm_monitoring_lanes ADD COLUMN on_shared_key BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE llm_monitoring_judge_passes \
     ADD COLUMN on_shared_key BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE llm_spend_reservations ADD COLUMN on_shared_key BOOLEAN NOT NULL DEFAULT FALSE",
];

/// What a workspace spent on the operator's keys, a row a day.
fn spent_table() -> TableCreateStatement {
    let mut table = keyed(
        SPENT,
        vec![
            reference("workspace_id"),
            day("day").not_null().take(),
            count("amount_nano_usd").not_null().take(),
        ],
        &["workspace_id", "day"],
    );
    points_to(&mut table, SPENT, "workspace_id", "workspaces");
    table
}
