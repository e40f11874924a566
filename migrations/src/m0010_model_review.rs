//! Models that the providers list: when they were seen, when they retire, what an admin said of
//! them; who changed what in the registry; and past costs that were computed again.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, id, points_to, reference, run, table, text, time};

/// Adds columns to the registry, its changelog, and links that review a model once.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // What was there before, somebody has added by hand or the seed brought.
            text("review").not_null().default("approved").take(),
            time("first_seen_at").null().take(),
            time("last_seen_at").null().take(),
            time("retires_at").null().take(),
        ] {
            let mut add = Table::alter();
            add.table(Alias::new(MODELS)).add_column(column);
            manager.alter_table(add.take()).await?;
        }
        manager.create_table(changelog_table()).await?;
        manager.create_table(link_table()).await?;
        manager.create_table(correction_table()).await?;
        run(manager, INDEXES).await
    }
}

const MODELS: &str = "llm_model_registry";
const CHANGELOG: &str = "llm_model_changelog";
const LINKS: &str = "llm_model_review_links";

const CORRECTIONS: &str = "llm_cost_corrections";

const INDEXES: &[&str] = &[
    "CREATE INDEX ix_llm_cost_corrections ON llm_cost_corrections (workspace_id, model_id, day)",
    "CREATE INDEX ix_llm_model_changelog_model_id ON llm_model_changelog (model_id)",
    "CREATE UNIQUE INDEX uq_llm_model_review_links ON llm_model_review_links (token_hash)",
    "CREATE INDEX ix_llm_model_review_links_model_id ON llm_model_review_links (model_id)",
];

/// One row a change; values are texts that do not depend on a language.
fn changelog_table() -> TableCreateStatement {
    let mut table = table(
        CHANGELOG,
        vec![
            id(),
            reference("model_id"),
            time("changed_at").not_null().take(),
            // Nobody: the check of the providers' lists, or the command line.
            count("changed_by").null().take(),
            text("action").not_null().take(),
            text("old_value").null().take(),
            text("new_value").null().take(),
        ],
    );
    points_to(&mut table, CHANGELOG, "model_id", MODELS);
    points_to(&mut table, CHANGELOG, "changed_by", "users");
    table
}

/// What was booked because the answers of a day cost something else at the prices of a later
/// price book. The ledger has the same money, on the day of its booking.
fn correction_table() -> TableCreateStatement {
    let mut table = table(
        CORRECTIONS,
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("model_id"),
            // Of the answers, in the workspace's time zone.
            day("day").not_null().take(),
            count("amount_nano_usd").not_null().take(),
            reference("booked_by"),
            time("booked_at").not_null().take(),
        ],
    );
    points_to(&mut table, CORRECTIONS, "workspace_id", "workspaces");
    points_to(
        &mut table,
        CORRECTIONS,
        "project_id",
        "llm_monitoring_projects",
    );
    points_to(&mut table, CORRECTIONS, "model_id", MODELS);
    points_to(&mut table, CORRECTIONS, "booked_by", "users");
    table
}

/// Only the token's hash is stored.
fn link_table() -> TableCreateStatement {
    let mut table = table(
        LINKS,
        vec![
            id(),
            text("token_hash").not_null().take(),
            reference("model_id"),
            text("verdict").not_null().take(),
            // The admin whom the link was sent to.
            count("user_id").null().take(),
            time("created_at").not_null().take(),
            time("expires_at").not_null().take(),
            time("used_at").null().take(),
        ],
    );
    points_to(&mut table, LINKS, "model_id", MODELS);
    points_to(&mut table, LINKS, "user_id", "users");
    table
}
