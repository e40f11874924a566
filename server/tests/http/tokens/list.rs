//! The caller's tokens.

use app::model::account::Role;
use serde_json::{Value, json};

use super::{of_everything, of_scope, program};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(tokens_are_listed_without_their_texts, each_sees_their_own);

async fn tokens_are_listed_without_their_texts(app: &TestApp) {
    let ana = app.admin().await;
    program(app, &ana, &of_scope("read")).await;
    let (writer, _) = program(app, &ana, &of_scope("write")).await;
    program(app, &ana, &of_everything()).await;
    writer.get("/projects").await.expect(200);

    let listed = ana.get("/tokens?limit=2").await.expect(200);
    assert_eq!(
        (&listed["total"], &listed["next_cursor"]),
        (&json!(3), &json!("2"))
    );
    assert_eq!(listed["tokens"][0]["scope"], "admin");
    assert_eq!(listed["tokens"][0]["expires_at"], Value::Null);
    assert!(listed["tokens"][1]["expires_at"].is_string());
    assert!(listed["tokens"][1]["last_used_at"].is_string());
    assert!(!listed.to_string().contains("plx_"), "no list has a secret");
}

/// Another user of the same workspace sees only tokens of their own.
async fn each_sees_their_own(app: &TestApp) {
    let ana = app.admin().await;
    program(app, &ana, &of_everything()).await;
    let workspace = ana.workspace().await;
    let ben = app.member("ben@example.com", workspace, Role::Owner).await;
    assert_eq!(ben.get("/tokens").await.expect(200)["total"], 0);
}
