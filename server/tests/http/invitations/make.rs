//! Somebody is invited.

use app::model::account::Role;
use serde_json::json;

use super::{accept, invite, listed, token_of};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_second_one_to_the_same_address_ends_the_first,
    members_and_what_is_no_address_are_not_invited,
    nobody_gives_more_than_they_have
);

async fn a_second_one_to_the_same_address_ends_the_first(app: &TestApp) {
    let admin = app.admin().await;
    let wish = json!({"email": "ben@example.com"});
    let made = admin.post("/invitations", &wish).await.expect(201);
    admin
        .post(
            "/invitations",
            &json!({"email": "ben@example.com", "role": "viewer"}),
        )
        .await
        .expect(201);
    accept(app, "ben@example.com", token_of(&made))
        .await
        .expect(409);
}

async fn members_and_what_is_no_address_are_not_invited(app: &TestApp) {
    let admin = app.admin().await;
    app.sign_up("eve@example.com").await;
    let member = json!({"email": "eve@example.com"});
    admin.post("/invitations", &member).await.problem(422);
    for wrong in ["<a@x.test>", "a,b@x.test", "a@x"] {
        admin
            .post("/invitations", &json!({"email": wrong}))
            .await
            .problem(422);
    }
}

async fn nobody_gives_more_than_they_have(app: &TestApp) {
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
}
