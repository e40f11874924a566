//! Counting sign-ins before they are tried: what for, quick to count, and from where people came
//! in before.

use sea_orm_migration::prelude::*;

use crate::columns::{add_columns, keyed, points_to, reference, run, text, time};

/// Adds a column, indexes and a table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let purpose = text("purpose").not_null().default("sign_in").take();
        add_columns(manager, ATTEMPTS, vec![purpose]).await?;
        manager.create_table(place_table()).await?;
        run(manager, INDEXES).await
    }
}

const ATTEMPTS: &str = "sign_in_failures";
const PLACES: &str = "sign_in_places";

const INDEXES: &[&str] = &[
    "CREATE INDEX ix_sign_in_failures_email ON sign_in_failures (email, failed_at)",
    "CREATE INDEX ix_sign_in_failures_address ON sign_in_failures (address, failed_at)",
    "CREATE INDEX ix_sign_in_failures_failed_at ON sign_in_failures (failed_at)",
];

/// Addresses from which a user signed in.
fn place_table() -> TableCreateStatement {
    let mut table = keyed(
        PLACES,
        vec![
            reference("user_id"),
            text("address").not_null().take(),
            time("last_used_at").not_null().take(),
        ],
        &["user_id", "address"],
    );
    points_to(&mut table, PLACES, "user_id", "users");
    table
}
