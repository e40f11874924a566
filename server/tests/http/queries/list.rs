//! The questions of a project.

use crate::support::{TestApp, keys, on_both_databases, sorted};

on_both_databases!(questions_are_listed_in_their_order);

async fn questions_are_listed_in_their_order(app: &TestApp) {
    let api = app.admin().await.program().await;
    let id = api.make_project("Watch").await;
    let listed = api
        .get(&format!("/projects/{id}/queries"))
        .await
        .expect(200);
    assert_eq!(
        keys(&listed["queries"][0]),
        sorted([
            "id",
            "query_text",
            "language",
            "query_type",
            "tags",
            "is_active"
        ])
    );
    assert_eq!(listed["queries"][2]["query_type"], "with_brand");
}
