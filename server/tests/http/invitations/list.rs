//! The invitations that work.

use serde_json::json;

use super::token_of;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    invitations_are_listed_without_their_links,
    invitations_are_for_admins
);

async fn invitations_are_listed_without_their_links(app: &TestApp) {
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
    assert!(
        !shown.to_string().contains(token_of(&made)),
        "links are not listed"
    );
}

async fn invitations_are_for_admins(app: &TestApp) {
    app.admin().await;
    let eve = app.sign_up("eve@example.com").await;
    for call in ["invitations/list", "invitations/make", "invitations/revoke"] {
        let arguments =
            json!({"draft": {"email": "x@example.com", "role": "viewer"}, "invitation_id": 1});
        eve.call(call, &arguments).await.expect(403);
    }
}
