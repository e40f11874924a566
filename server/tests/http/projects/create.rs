//! Projects that are made, and with which questions.

use serde_json::json;

use super::whole_project;
use crate::support::{TestApp, keys, on_both_databases, rest_project, sorted};

on_both_databases!(
    a_project_begins_with_questions_of_the_templates,
    templates_give_what_they_can,
    names_of_providers_mean_their_current_models
);

async fn a_project_begins_with_questions_of_the_templates(app: &TestApp) {
    let api = app.admin().await.program().await;
    let made = api.post("/projects", &whole_project()).await.expect(201);
    assert_eq!(made["success"], true);
    assert_eq!(
        keys(&made["project"]),
        sorted(["id", "name", "brand_name", "total_queries_generated"])
    );
    assert_eq!(made["project"]["total_queries_generated"], 5);
    assert_eq!(made["queries"].as_array().map(Vec::len), Some(5));
    assert_eq!(keys(&made["queries"][0]), ["id", "query_text"]);
    assert!(made["project"]["id"].is_i64());
}

async fn templates_give_what_they_can(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let mut body = rest_project("Fifteen");
    body.as_object_mut().expect("an object").remove("queries");
    let made = ana.post("/projects", &body).await.expect(201);
    assert_eq!(made["project"]["total_queries_generated"], 15);
    body["name"] = json!("Many");
    body["language"] = json!("es");
    body["queries_per_llm"] = json!(5_000);
    let made = ana.post("/projects", &body).await.expect(201);
    let count = made["project"]["total_queries_generated"]
        .as_i64()
        .expect("a number");
    assert!((50..5_000).contains(&count), "{count}");
    assert!(
        made["queries"][0]["query_text"]
            .as_str()
            .is_some_and(|text| text.starts_with('¿'))
    );
    assert_eq!(made["queries_missing"], 5_000 - count);
    assert_eq!(made["missing_reason"], "no_more");
    // In a language without templates a project begins without questions, and says so.
    body["name"] = json!("Ninguna");
    body["language"] = json!("fr");
    body["queries_per_llm"] = json!(20);
    let made = ana.post("/projects", &body).await.expect(201);
    assert_eq!(made["queries"], json!([]));
    assert_eq!(
        (&made["queries_missing"], &made["missing_reason"]),
        (&json!(20), &json!("no_templates"))
    );
    let id = made["project"]["id"].as_i64().expect("an id");
    let own = json!({"queries": ["Quel est le meilleur logiciel de comptabilité ?"]});
    let put = ana.post(&format!("/projects/{id}/queries"), &own).await;
    assert_eq!(put.expect(200)["total"], 1);
    body["name"] = json!("Propres");
    body["queries"] = own["queries"].clone();
    let made = ana.post("/projects", &body).await.expect(201);
    assert_eq!(made["queries_missing"], 0);
    assert_eq!(made["missing_reason"], json!(null));
    body.as_object_mut().expect("an object").remove("queries");
    for count in [4, 5_001, -1] {
        body["queries_per_llm"] = json!(count);
        assert_eq!(
            ana.post("/projects", &body).await.wrong_fields(),
            ["queries_per_llm"]
        );
    }
}

async fn names_of_providers_mean_their_current_models(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let mut body = rest_project("Four");
    body["enabled_llms"] = json!(["openai", "anthropic", "google", "perplexity"]);
    let made = ana.post("/projects", &body).await.expect(201);
    let shown = ana
        .get(&format!("/projects/{}", made["project"]["id"]))
        .await
        .expect(200);
    let models = ana.get("/models?is_current=true").await.expect(200);
    let chosen = shown["project"]["model_ids"].as_array().expect("ids");
    assert_eq!(chosen.len(), 4);
    for id in chosen {
        let models = models["models"].as_array().expect("models");
        assert!(
            models
                .iter()
                .any(|model| model["id"] == *id && model["cost_per_1m_input_tokens"].is_number())
        );
    }
    body["name"] = json!("Five");
    body["enabled_llms"] = json!(["bard", "openai"]);
    body["brand_name"] = json!("K");
    let refused = ana.post("/projects", &body).await;
    assert_eq!(
        refused.wrong_fields(),
        ["enabled_llms", "brand_name"],
        "everything that is wrong, at once"
    );
    assert!(
        refused.json()["errors"][0]["message"]
            .as_str()
            .is_some_and(|message| message.contains("bard"))
    );
    body["enabled_llms"] = json!([]);
    assert_eq!(
        ana.post("/projects", &body).await.wrong_fields(),
        ["brand_name", "enabled_llms"]
    );
}
