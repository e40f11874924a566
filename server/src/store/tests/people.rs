//! Who counts as known to the operator when addresses begin to be confirmed.

use migrations::{Migrator, MigratorTrait};

use crate::store::sql::rows;
use crate::store::testing::{TestDatabase, with_old_tables};

const MOMENT: &str = "'2026-03-10 12:00:00+00:00'";

/// How many migrations come before one.
fn before(name: &str) -> u32 {
    let all = Migrator::migrations();
    let position = all.iter().position(|migration| migration.name() == name);
    u32::try_from(position.expect(name)).expect("a few")
}

/// An admin, somebody whom they invited, and somebody who came by another way.
async fn people_of_before(database: &TestDatabase) {
    for (email, is_admin) in [
        ("admin@example.com", "TRUE"),
        ("invited@example.com", "FALSE"),
        ("other@example.com", "FALSE"),
    ] {
        let sql = format!(
            "INSERT INTO users (email, password_hash, is_admin, created_at) \
             VALUES ('{email}', 'none', {is_admin}, {MOMENT})"
        );
        database.execute(&sql).await;
    }
    let workspace = format!(
        "INSERT INTO workspaces (name, time_zone, monthly_budget_nano_usd, \
         spending_alert_threshold, created_at) VALUES ('w', 'UTC', 1, 80, {MOMENT})"
    );
    database.execute(&workspace).await;
    let id_of = |email: &str| format!("(SELECT id FROM users WHERE email = '{email}@example.com')");
    let invitation = format!(
        "INSERT INTO invitations (token_hash, workspace_id, created_by, created_at, expires_at, \
         used_by, used_at) SELECT 'hash', id, {}, {MOMENT}, {MOMENT}, {}, {MOMENT} FROM workspaces",
        id_of("admin"),
        id_of("invited")
    );
    database.execute(&invitation).await;
}

async fn confirmed(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT email FROM users WHERE confirmed_at IS NOT NULL ORDER BY email";
    let found = rows::all(database.store.reader(), sql, [])
        .await
        .expect(sql);
    let email = |row: &sea_orm::QueryResult| row.try_get_by_index(0).expect("an address");
    found.iter().map(email).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_have_come_in_from_the_street_confirms_their_address() {
    with_old_tables(before("m0023_people"), async |database| {
        people_of_before(database).await;
        database
            .execute("INSERT INTO settings (name, value) VALUES ('open_sign_up', 'false')")
            .await;
        database.store.migrate().await.expect("migrated");
        let known = ["admin@example.com", "invited@example.com"];
        assert_eq!(confirmed(database).await, known);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_sign_up_never_was_open_everybody_is_known() {
    with_old_tables(before("m0023_people"), async |database| {
        people_of_before(database).await;
        database.store.migrate().await.expect("migrated");
        assert_eq!(confirmed(database).await.len(), 3);
    })
    .await;
}
