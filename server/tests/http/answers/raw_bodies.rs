//! Answers are read as far as they are shown.

use serde_json::Value;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(raw_bodies_are_not_read);

/// What providers sent is kept to be read anew; no page, answer or file has it. Here it is gone.
async fn raw_bodies_are_not_read(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let before = ana
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    let id = before["results"][0]["id"].as_i64().expect("an id");
    let one = ana
        .get(&format!("/projects/{project}/results/{id}"))
        .await
        .expect(200);
    assert_eq!(
        one["result"], before["results"][0],
        "read alone and in a page"
    );
    app.execute("ALTER TABLE llm_monitoring_results DROP COLUMN raw_body")
        .await;
    let filter = serde_json::json!({"filter": {"project_id": project}});
    let page: Value = ana.call("answers/list", &filter).await.expect(200);
    assert_eq!(page[0].as_array().map(Vec::len), Some(3), "{page}");
    let answer = serde_json::json!({"answer_id": id});
    ana.call("answers/get", &answer).await.expect(200);
    let again = ana.get(&format!("/projects/{project}/results")).await;
    assert_eq!(again.expect(200), before);
    let again = ana.get(&format!("/projects/{project}/results/{id}")).await;
    assert_eq!(again.expect(200), one);
    for file in ["answers", "findings", "citations", "ledger", "snapshots"] {
        let path = format!("/projects/{project}/export/{file}?format=jsonl");
        assert_eq!(ana.get(&path).await.status, 200, "{file}");
    }
}
