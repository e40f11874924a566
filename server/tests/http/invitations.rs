//! Invitations: for one address and one role, as long as their maker may make them; listed and
//! taken back.

use app::model::account::Role;
use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Reply, Setup, TestApp, on_both_databases, with_sqlite};

async fn accept(app: &TestApp, email: &str, token: &str) -> Reply {
    let draft = json!({"draft": {"email": email, "password": PASSWORD, "invitation": token}});
    app.nobody().call("accounts/sign-up", &draft).await
}

/// The id and the token of a new invitation.
async fn invite(admin: &Caller<'_>, email: &str, role: &str) -> (i64, String) {
    let call = json!({"draft": {"email": email, "role": role}});
    let made = admin.call("invitations/make", &call).await.expect(200);
    let (_, token) = made["path"]
        .as_str()
        .and_then(|path| path.split_once("?invitation="))
        .expect("a token");
    (made["id"].as_i64().expect("an id"), token.to_owned())
}

async fn listed(admin: &Caller<'_>) -> Vec<Value> {
    let list = admin.call("invitations/list", &json!({})).await.expect(200);
    list.as_array().expect("a list").clone()
}

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

#[tokio::test]
async fn invitations_are_listed_and_taken_back_over_rest() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let made = admin
            .post("/invitations", &json!({"email": "ben@example.com"}))
            .await
            .expect(201);
        let shown = admin.get("/invitations").await.expect(200);
        assert_eq!(
            (
                &shown["invitations"][0]["email"],
                &shown["invitations"][0]["role"]
            ),
            (&json!("ben@example.com"), &json!("editor"))
        );
        assert_eq!(shown["invitations"][0]["made_by"], "admin@example.com");
        let token = made["path"].as_str().expect("a path");
        let (_, token) = token.split_once('=').expect("a token");
        assert!(!shown.to_string().contains(token), "links are not listed");

        // A second one to the same address ends the first.
        let again = admin
            .post(
                "/invitations",
                &json!({"email": "ben@example.com", "role": "viewer"}),
            )
            .await
            .expect(201);
        accept(app, "ben@example.com", token).await.expect(409);
        let path = format!("/invitations/{}", again["id"]);
        admin.delete(&path).await.expect(200);
        admin.delete(&path).await.problem(404);
        let (_, token) = again["path"]
            .as_str()
            .and_then(|path| path.split_once('='))
            .expect("a token");
        accept(app, "ben@example.com", token).await.expect(409);

        let eve = app.sign_up("eve@example.com").await;
        for call in ["invitations/list", "invitations/make", "invitations/revoke"] {
            let arguments =
                json!({"draft": {"email": "x@example.com", "role": "viewer"}, "invitation_id": 1});
            eve.call(call, &arguments).await.expect(403);
        }
        let member = json!({"email": "eve@example.com"});
        admin.post("/invitations", &member).await.problem(422);
        for wrong in ["<a@x.test>", "a,b@x.test", "a@x"] {
            admin
                .post("/invitations", &json!({"email": wrong}))
                .await
                .problem(422);
        }
    })
    .await;
}

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

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    with_sqlite(Setup::default(), async |app| {
        let owner = app.admin().await;
        let workspace = owner.workspace().await;
        let admin = app.member("mia@example.com", workspace, Role::Editor).await;
        app.execute("UPDATE users SET is_admin = TRUE").await;
        let call = json!({"draft": {"email": "ben@example.com", "role": "owner"}});
        let refused = admin.call("invitations/make", &call).await.expect(422);
        assert_eq!(refused["fields"][0]["field"], "role");
        invite(&admin, "ben@example.com", "editor").await;
        // It is the workspace's: another admin there sees it and may take it back.
        let list = listed(&owner).await;
        assert_eq!(list[0]["made_by"], "mia@example.com");
        owner
            .call(
                "invitations/revoke",
                &json!({"invitation_id": list[0]["id"]}),
            )
            .await
            .expect(200);
    })
    .await;
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
