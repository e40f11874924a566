//! Notes that are taken away, and brought back.

use app::model::account::Role;
use serde_json::json;

use super::{on_chart, texts, today, write};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_note_is_taken_away_and_brought_back_as_it_was,
    the_last_ones_can_be_brought_back,
    an_erased_project_leaves_none
);

async fn a_note_is_taken_away_and_brought_back_as_it_was(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    let workspace = ana.workspace().await;
    let vera = app
        .member("vera@example.com", workspace, Role::Viewer)
        .await;
    let emil = app
        .member("emil@example.com", workspace, Role::Editor)
        .await;
    let made = write(&ana, project, to, "New site").await.expect(201);
    let id = &made["note"]["id"];
    let before = on_chart(&ana, project, to).await;
    assert_eq!(texts(&before), ["New site"]);
    let path = format!("/projects/{project}/notes/{id}");
    let note = json!({"project_id": project, "note_id": id});
    vera.delete(&path).await.problem(403);
    vera.call("notes/remove", &note).await.expect(403);
    vera.call("notes/restore", &note).await.expect(403);
    // What is there is nothing to bring back.
    ana.call("notes/restore", &note).await.expect(404);
    assert_eq!(emil.delete(&path).await.expect(200)["id"], *id);
    emil.delete(&path).await.problem(404);
    assert_eq!(on_chart(&ana, project, to).await, []);
    let listed = ana.get(&format!("/projects/{project}/notes")).await;
    assert_eq!(listed.expect(200)["total"], 0);
    // It is still its author's.
    emil.call("notes/restore", &note).await.expect(200);
    assert_eq!(on_chart(&ana, project, to).await, before);
}

async fn the_last_ones_can_be_brought_back(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    let mut removed = Vec::new();
    for number in 0..21 {
        let made = write(&ana, project, to, &format!("Note {number}")).await;
        let id = made.expect(201)["note"]["id"].clone();
        let note = json!({"project_id": project, "note_id": id});
        ana.call("notes/remove", &note).await.expect(200);
        removed.push(note);
    }
    assert_eq!(app.count("llm_monitoring_chart_notes").await, 20);
    ana.call("notes/restore", &removed[0]).await.expect(404);
    ana.call("notes/restore", &removed[20]).await.expect(200);
}

async fn an_erased_project_leaves_none(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    write(&ana, project, to, "New site").await.expect(201);
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    ana.get(&format!("/projects/{project}/notes"))
        .await
        .problem(404);
    app.pass(chrono::Duration::days(40));
    while let Some(at) = app.store.projects_to_erase().await.expect("a list").first() {
        app.store.erase_some(*at).await.expect("a step");
    }
    assert_eq!(app.count("llm_monitoring_chart_notes").await, 0);
}
