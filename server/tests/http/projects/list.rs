//! The projects of a workspace.

use serde_json::{Value, json};

use super::whole_project;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(projects_are_listed_with_what_is_known_of_them);

async fn projects_are_listed_with_what_is_known_of_them(app: &TestApp) {
    let api = app.admin().await.program().await;
    api.post("/projects", &whole_project()).await.expect(201);
    let listed = api.get("/projects").await.expect(200);
    let project = &listed["projects"][0];
    let owed = [
        "id",
        "name",
        "brand_name",
        "brand_domain",
        "industry",
        "language",
        "country_code",
        "enabled_llms",
        "competitors",
        "queries_per_llm",
        "is_active",
        "last_analysis_date",
        "total_snapshots",
    ];
    for field in owed {
        assert!(project.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(project["brand_domain"], "kipu.example");
    assert_eq!(project["country_code"], "ES");
    assert_eq!(project["enabled_llms"], json!(["openai"]));
    assert_eq!(project["queries_per_llm"], 5);
    assert_eq!(project["competitors"][0]["name"], "Acme");
    assert_eq!(project["competitors"][1]["domain"], "globex.example");
    assert_eq!(
        project["competitors"][1]["keywords"],
        json!(["Globex Corp"])
    );
    assert_eq!(project["last_analysis_date"], Value::Null);
}
