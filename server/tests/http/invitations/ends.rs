//! What ends an invitation: its use, its time, its maker's right.

use chrono::Duration;
use serde_json::{Value, json};

use super::{accept, invite, listed};
use crate::support::{Setup, TestApp, on_both_databases, with_sqlite};

#[tokio::test]
async fn an_invitation_lets_its_address_in_once_with_its_role() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.sign_up("admin@example.com").await;
        let (_, token) = invite(&admin, " Ben@Example.com ", "viewer").await;
        accept(app, "ben@example.com", "deadbeef").await.expect(409);
        let stranger = accept(app, "eve@example.com", &token).await.expect(422);
        assert_eq!(stranger["fields"][0]["field"], "email");
        let ben = accept(app, "ben@example.com", &token).await.expect(200);
        assert_eq!(ben["workspace"]["id"], admin.workspace().await);
        assert_eq!(
            (&ben["workspace"]["role"], &ben["user"]["is_admin"]),
            (&json!("viewer"), &json!(false))
        );
        accept(app, "ben@example.com", &token).await.expect(409);
        assert_eq!(app.count("users").await, 2);
        assert_eq!(listed(&admin).await.len(), 0);

        let (_, stale) = invite(&admin, "eve@example.com", "editor").await;
        app.pass(Duration::days(8));
        accept(app, "eve@example.com", &stale).await.expect(409);
    })
    .await;
}

/// Two with the same link at the same moment: one account.
async fn two_with_one_link_make_one_account(app: &TestApp) {
    let admin = app.sign_up("admin@example.com").await;
    let (_, token) = invite(&admin, "ben@example.com", "editor").await;
    let (one, two) = tokio::join!(
        accept(app, "ben@example.com", &token),
        accept(app, "ben@example.com", &token)
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!([409, 422].contains(&statuses[1]), "{statuses:?}");
    assert_eq!(app.count("users").await, 2);
}

on_both_databases!(two_with_one_link_make_one_account);

/// What ends the maker's right ends the link.
async fn ends_with_its_maker(app: &TestApp, ending: &str) {
    let admin = app.admin().await;
    let (_, token) = invite(&admin, "ben@example.com", "editor").await;
    app.execute(ending).await;
    accept(app, "ben@example.com", &token).await.expect(409);
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn an_invitation_ends_with_the_right_of_its_maker() {
    for ending in [
        "UPDATE users SET is_admin = FALSE",
        "UPDATE users SET disabled_at = created_at",
        "UPDATE workspace_members SET role = 'viewer'",
        "DELETE FROM workspace_members",
    ] {
        with_sqlite(Setup::default(), async |app| {
            ends_with_its_maker(app, ending).await;
        })
        .await;
    }
}

/// Those made before there were addresses work until they end, for whoever has the link.
#[tokio::test]
async fn an_invitation_without_an_address_works_until_it_ends() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let (_, token) = invite(&admin, "ben@example.com", "editor").await;
        app.execute("UPDATE invitations SET email = NULL").await;
        assert_eq!(listed(&admin).await[0]["email"], Value::Null);
        accept(app, "whoever@example.com", &token).await.expect(200);
    })
    .await;
}
