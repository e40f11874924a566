//! Questions that are added, or put in place of all others.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases, rest_project, tagged_queries};

on_both_databases!(
    questions_take_the_place_of_those_of_the_templates,
    questions_are_added_or_put_in_place,
    tags_come_with_a_question_each_once
);

async fn questions_take_the_place_of_those_of_the_templates(app: &TestApp) {
    let api = app.admin().await.program().await;
    let mut project = rest_project("Watch");
    let own = project["queries"].take();
    project["queries_per_llm"] = json!(5);
    let made = api.post("/projects", &project).await.expect(201);
    assert_eq!(made["project"]["total_queries_generated"], 5);
    let path = format!("/projects/{}/queries", made["project"]["id"]);
    let questions = json!({"queries": own, "replace": true});
    let put = api.post(&path, &questions).await.expect(200);
    assert_eq!(put["total"], 3);
}

async fn questions_are_added_or_put_in_place(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}/queries");
    let added = json!({"queries": ["Which ledger would a small bakery choose?", "name TEN accounting tools and rank them."]});
    assert_eq!(
        ana.post(&path, &added).await.expect(200)["total"],
        4,
        "one of them was there already"
    );
    let replaced =
        json!({"queries": ["Which ledger would a small bakery choose?"], "replace": true});
    assert_eq!(ana.post(&path, &replaced).await.expect(200)["total"], 1);
    for wrong in [
        json!({}),
        json!({"queries": []}),
        json!({"queries": ["too short"]}),
        json!({"queries": "text"}),
    ] {
        let fields = ana.post(&path, &wrong).await.wrong_fields();
        assert!(
            fields.iter().all(|field| field.starts_with("queries")),
            "{fields:?}"
        );
    }
    assert_eq!(ana.get(&path).await.expect(200)["total"], 1);
}

async fn tags_come_with_a_question_each_once(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let path = format!("/projects/{project}/queries");
    let put = api.post(&path, &tagged_queries()).await.expect(200);
    assert_eq!(put["total"], 5);
    let queries = put["queries"].as_array().expect("queries").clone();
    let tags_of = |text: &str| -> Value {
        let found = queries.iter().find(|query| query["query_text"] == text);
        found.expect(text)["tags"].clone()
    };
    assert_eq!(
        tags_of("Which accounting software is best for bakers?"),
        json!(["food", "Money"])
    );
    assert_eq!(
        tags_of("Is there a ledger that a florist would love?"),
        json!([])
    );
    let wrong = json!({"queries": [{"query_text": "Which ledger do bakers use most?", "tags": ["x".repeat(51)]}]});
    assert_eq!(api.post(&path, &wrong).await.wrong_fields(), ["queries"]);
}
