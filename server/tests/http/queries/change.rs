//! Whether a question is asked, and its tags.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(absent_fields_of_a_question_stay);

async fn absent_fields_of_a_question_stay(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let path = format!("/projects/{project}/queries");
    let listed = api.get(&path).await.expect(200);
    let path = format!("{path}/{}", listed["queries"][0]["id"]);
    let change = json!({"is_active": false, "tags": ["plants"]});
    let changed = api.put(&path, &change).await.expect(200);
    assert_eq!(
        (&changed["query"]["is_active"], &changed["query"]["tags"]),
        (&json!(false), &json!(["plants"]))
    );
    let changed = api
        .put(&path, &json!({"is_active": true}))
        .await
        .expect(200);
    assert_eq!(changed["query"]["tags"], json!(["plants"]));
}
