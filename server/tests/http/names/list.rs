//! Names that are nobody's yet.

use crate::support::{TestApp, on_both_databases};

on_both_databases!(names_are_listed_with_how_many_answers_were_read);

async fn names_are_listed_with_how_many_answers_were_read(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    api.run_project(project).await;
    let listed = api
        .get(&format!("/projects/{project}/names"))
        .await
        .expect(200);
    assert!(listed["answers_read"].is_number() && listed["names"].is_array());
}
