//! Invitations for an address and a role that can be taken back, addresses that were confirmed,
//! and the letters that carry links for both.

use sea_orm_migration::prelude::*;

use crate::columns::{add_columns, count, id, points_to, run, table, text, time};

/// Adds columns and a table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Invitations of before name no address and made editors; they end within a week.
        let of_invitations = vec![
            text("email").null().take(),
            text("role").not_null().default("editor").take(),
            time("revoked_at").null().take(),
        ];
        add_columns(manager, "invitations", of_invitations).await?;
        let confirmed_at = time("confirmed_at").null().take();
        add_columns(manager, "users", vec![confirmed_at]).await?;
        manager.create_table(letter_table()).await?;
        run(manager, &[CONFIRMED, BY_TOKEN, BY_USER, BY_STATE]).await
    }
}

/// Admins and the invited are people whom the operator knows, and where sign-up never was open
/// nobody else could come in. Who may have come in from the street confirms their address.
const CONFIRMED: &str = "UPDATE users SET confirmed_at = created_at WHERE is_admin \
    OR id IN (SELECT used_by FROM invitations WHERE used_by IS NOT NULL) \
    OR NOT EXISTS (SELECT 1 FROM settings WHERE name = 'open_sign_up')";

const BY_TOKEN: &str = "CREATE INDEX ix_account_letters_token ON account_letters (token_hash)";
const BY_USER: &str =
    "CREATE INDEX ix_account_letters_user ON account_letters (user_id, created_at)";
const BY_STATE: &str =
    "CREATE INDEX ix_account_letters_state ON account_letters (state, next_try_at)";

const LETTERS: &str = "account_letters";

/// Letters with a link that works once: to a user who is to confirm their address, or to
/// somebody who is invited.
fn letter_table() -> TableCreateStatement {
    let mut table = table(
        LETTERS,
        vec![
            id(),
            count("user_id").null().take(),
            count("invitation_id").null().take(),
            text("recipient").not_null().take(),
            text("language").not_null().take(),
            // Nothing until it is sent: the token is made then.
            text("token_hash").null().take(),
            text("state").not_null().take(),
            count("tries").not_null().default(0).take(),
            time("next_try_at").not_null().take(),
            time("created_at").not_null().take(),
            time("expires_at").not_null().take(),
            time("sent_at").null().take(),
            time("used_at").null().take(),
            text("last_error").null().take(),
        ],
    );
    points_to(&mut table, LETTERS, "user_id", "users");
    points_to(&mut table, LETTERS, "invitation_id", "invitations");
    table
}
