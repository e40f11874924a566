//! Tokens that end.

use app::model::account::Role;

use super::{of_everything, of_scope, program};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_revoked_token_opens_nothing,
    a_token_ends_on_its_day,
    nobody_ends_a_token_of_somebody_else
);

async fn a_revoked_token_opens_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let (reader, reader_id) = program(app, &ana, &of_scope("read")).await;
    reader.get("/projects").await.expect(200);
    ana.delete(&format!("/tokens/{reader_id}"))
        .await
        .expect(200);
    ana.delete(&format!("/tokens/{reader_id}"))
        .await
        .problem(404);
    let refused = reader.get("/projects").await.problem(401);
    assert_eq!(
        refused["title"],
        "This token was revoked. Make a new one in your account."
    );
}

async fn a_token_ends_on_its_day(app: &TestApp) {
    let ana = app.admin().await;
    let (writer, _) = program(app, &ana, &of_scope("write")).await;
    let (admin, _) = program(app, &ana, &of_everything()).await;
    app.pass(chrono::Duration::days(7));
    let refused = writer.with("accept-language", "es").get("/projects").await;
    assert_eq!(
        refused.problem(401)["title"],
        "Este token ha caducado. Crea uno nuevo en tu cuenta."
    );
    admin.get("/projects").await.expect(200);
}

/// Not even another owner of the same workspace.
async fn nobody_ends_a_token_of_somebody_else(app: &TestApp) {
    let ana = app.admin().await;
    let (_, admin_id) = program(app, &ana, &of_everything()).await;
    let workspace = ana.workspace().await;
    let ben = app.member("ben@example.com", workspace, Role::Owner).await;
    ben.delete(&format!("/tokens/{admin_id}"))
        .await
        .problem(404);
}
