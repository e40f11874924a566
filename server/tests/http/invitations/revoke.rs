//! Invitations that are taken back.

use serde_json::json;

use super::{accept, token_of};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_link_that_was_taken_back_lets_nobody_in);

async fn a_link_that_was_taken_back_lets_nobody_in(app: &TestApp) {
    let admin = app.admin().await;
    let wish = json!({"email": "ben@example.com", "role": "viewer"});
    let made = admin.post("/invitations", &wish).await.expect(201);
    let path = format!("/invitations/{}", made["id"]);
    admin.delete(&path).await.expect(200);
    admin.delete(&path).await.problem(404);
    accept(app, "ben@example.com", token_of(&made))
        .await
        .expect(409);
}
