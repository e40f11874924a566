//! Notes that are written.

use app::model::account::Role;
use app::model::notes::MOST_WRITTEN_NOTES;
use chrono::Days;
use serde_json::json;

use super::{of_week, on_chart, on_screen, texts, today, write};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    everybody_in_the_workspace_sees_a_note_at_once,
    viewers_write_none,
    wrong_notes_are_refused,
    a_project_has_so_many
);

async fn everybody_in_the_workspace_sees_a_note_at_once(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let to = today(&ana).await;
    let vera = app
        .member("vera@example.com", ana.workspace().await, Role::Viewer)
        .await;
    // Both charts are kept by the host, and no sum changes.
    assert_eq!(on_chart(&vera, project, to).await, []);
    assert_eq!(on_screen(&vera, project, to).await, []);
    write(&ana, project, to, "New site").await.expect(201);
    let draft =
        json!({"project_id": project, "draft": {"day": to - Days::new(2), "text": " Sale "}});
    ana.call("notes/add", &draft).await.expect(200);
    write(&ana, project, to - Days::new(7), "Before the week")
        .await
        .expect(201);
    assert_eq!(
        texts(&on_chart(&vera, project, to).await),
        ["Sale", "New site"]
    );
    assert_eq!(
        texts(&on_screen(&vera, project, to).await),
        ["Sale", "New site"]
    );
    let query = json!({"query": {"dashboard": of_week(project, to), "metric": "position"}});
    let reply = vera.call("overview/series", &query).await.expect(200);
    assert!(reply.to_string().contains("admin@example.com"), "{reply}");
}

async fn viewers_write_none(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    let vera = app
        .member("vera@example.com", ana.workspace().await, Role::Viewer)
        .await;
    write(&vera, project, to, "New site").await.problem(403);
    let draft = json!({"project_id": project, "draft": {"day": to, "text": "Sale"}});
    vera.call("notes/add", &draft).await.expect(403);
    app.nobody().call("notes/add", &draft).await.expect(401);
    assert_eq!(app.count("llm_monitoring_chart_notes").await, 0);
    let emil = app
        .member("emil@example.com", ana.workspace().await, Role::Editor)
        .await;
    write(&emil, project, to, "New site").await.expect(201);
}

async fn wrong_notes_are_refused(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    let refused = write(&ana, project, to + Days::new(1), "").await;
    assert_eq!(refused.wrong_fields(), ["day", "text"]);
    let refused = write(&ana, project, to, &"x".repeat(201)).await;
    assert_eq!(refused.wrong_fields(), ["text"]);
    let path = format!("/projects/{project}/notes");
    let refused = ana
        .post(&path, &json!({"day": "monday", "text": "x"}))
        .await;
    assert_eq!(refused.wrong_fields(), ["day"]);
}

async fn a_project_has_so_many(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let to = today(&ana).await;
    let first = write(&ana, project, to, "First").await.expect(201);
    app.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {MOST_WRITTEN_NOTES}) \
         INSERT INTO llm_monitoring_chart_notes \
         (workspace_id, project_id, day, origin, text, created_at) \
         SELECT c.workspace_id, c.project_id, c.day, c.origin, 'More', c.created_at \
         FROM llm_monitoring_chart_notes c CROSS JOIN n"
    ))
    .await;
    let refused = write(&ana, project, to, "One too many").await.problem(409);
    assert!(refused.to_string().contains("200"), "{refused}");
    // One that was taken away makes room, and comes back only where there is some.
    let note = json!({"project_id": project, "note_id": first["note"]["id"]});
    ana.call("notes/remove", &note).await.expect(200);
    write(&ana, project, to, "The last").await.expect(201);
    ana.call("notes/restore", &note).await.expect(409);
}
