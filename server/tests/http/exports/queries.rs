//! A file of questions that one project writes is read by another as it was.

use serde_json::{Value, json};

use crate::queries::send_file;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(round_trip);

/// What is exported is imported as it was, whatever the questions and tags look like.
async fn round_trip(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let queries = json!([
        {"query_text": "=SUM(1,2) which ledger is best for bakers?", "tags": ["food", "a|b"]},
        {"query_text": "@home which ledger is used, and why?", "tags": ["-x", "=1"]},
        {"query_text": "'=1 is guarded by nobody but its author", "tags": []},
        {"query_text": "'Best' ledger for bakers is which one?", "tags": ["[odd]", "why?", "2026"]},
        {"query_text": "\"Quoted\"; and separated, by | everything", "tags": ["a,b", "c;d"]},
        {"query_text": "¿Qué programa usan las panaderías? 🥖", "tags": ["añejo"]},
        {"query_text": "sep=; is a line, and a question too", "tags": ["'t"]},
    ]);
    let put = json!({"queries": queries, "replace": true});
    let path = format!("/projects/{project}/queries");
    ana.post(&path, &put).await.expect(200);
    let file = ana
        .get(&format!("/projects/{project}/export/queries"))
        .await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.body.starts_with(b"\xef\xbb\xbfquery_text,tags,"));
    let lines = ana
        .get(&format!("/projects/{project}/export/queries?format=jsonl"))
        .await;
    let first: Value = serde_json::from_slice(
        lines
            .body
            .split(|byte| *byte == b'\n')
            .next()
            .expect("a line"),
    )
    .expect("JSON");
    assert_eq!(first["query_text"], queries[0]["query_text"]);
    assert_eq!(first["tags"], queries[0]["tags"]);

    let other = ana.make_project("Other").await;
    let told = send_file(&ana, other, "?replace=true", file.body.clone())
        .await
        .expect(200);
    assert_eq!(
        (&told["imported"], &told["wrong"]),
        (&json!(true), &json!(0)),
        "{told}"
    );
    let unread = json!(["id", "language", "query_type", "is_active"]);
    assert_eq!(told["columns_not_read"], unread);
    let listed = ana
        .get(&format!("/projects/{other}/queries"))
        .await
        .expect(200);
    let plain: Vec<Value> = listed["queries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|query| json!({"query_text": query["query_text"], "tags": query["tags"]}))
        .collect();
    assert_eq!(Value::from(plain), queries);
}
