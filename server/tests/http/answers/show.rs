//! One answer, with what was found in it and how it was got.

use crate::support::{TestApp, on_both_databases};

on_both_databases!(an_answer_is_shown_whole);

async fn an_answer_is_shown_whole(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    api.run_project(project).await;
    let path = format!("/projects/{project}/results");
    let all = api.get(&path).await.expect(200);
    let first = &all["results"][0];
    let whole = api
        .get(&format!("{path}/{}", first["id"]))
        .await
        .expect(200);
    assert_eq!(whole["result"], *first);
    assert!(
        whole["attempts"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    assert!(whole["findings"].is_array());
}
