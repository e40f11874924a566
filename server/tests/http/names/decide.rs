//! Names that are adopted, dismissed, or shown again.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(a_name_is_dismissed_shown_again_and_adopted);

async fn a_name_is_dismissed_shown_again_and_adopted(app: &TestApp) {
    let api = app.admin().await.program().await;
    let project = api.make_project("Watch").await;
    let path = format!("/projects/{project}/names");
    let decide = async |name: &str, decision: &str| {
        let body = json!({"name": name, "decision": decision});
        api.post(&path, &body).await
    };
    let gone = decide("Zorbo", "dismiss").await.expect(200);
    assert_eq!(gone["dismissed"], json!(["Zorbo"]));
    assert_eq!(
        decide("Zorbo", "restore").await.expect(200)["dismissed"],
        json!([])
    );
    decide("Zorbo", "adopt").await.expect(200);
    let shown = api.get(&format!("/projects/{project}")).await.expect(200);
    let competitors = shown["project"]["competitors"].to_string();
    assert!(competitors.contains("Zorbo"), "{competitors}");
    assert_eq!(decide("Zorbo", "praise").await.wrong_fields(), ["decision"]);
}
