//! Questions that are suggested to programs; what else is suggested, and to whom, is tried with
//! the calls of the browser: `suggestions`.

use serde_json::json;

use crate::support::{TestApp, choose_judge, on_both_databases};

on_both_databases!(programs_are_suggested_questions_too);

async fn programs_are_suggested_questions_too(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let program = ana.program().await;
    let made = program
        .post("/suggest", &json!({"brand_name": "Kipu", "competitors": ["Acme", {"name": "Globex"}], "about": "soap"}))
        .await
        .expect(200);
    assert_eq!(
        (&made["success"], &made["origin"], &made["no_model"]),
        (&json!(true), &json!("templates"), &json!("no_judge"))
    );
    assert_eq!(
        (
            made["suggestions"].as_array().map(Vec::len),
            &made["cost_usd"]
        ),
        (Some(10), &json!(0))
    );
    let first = &made["suggestions"][0];
    assert_eq!(
        (&first["class"], &first["query_text"]),
        (
            &json!("comparison"),
            &json!("Compare the most popular options (soap).")
        )
    );
    // A project that is named says the rest itself.
    choose_judge(&ana, "simulator").await;
    let made = program
        .post(
            "/suggest",
            &json!({"project_id": project, "count": 5, "by_model": true}),
        )
        .await
        .expect(200);
    assert_eq!(
        (&made["origin"], &made["llm_provider"]),
        (&json!("model"), &json!("simulator"))
    );
    let text = made["suggestions"].to_string();
    assert!(
        text.contains("accounting software") && text.contains("Kipu"),
        "{text}"
    );
    assert_eq!(made["offer"]["llm_provider"], "simulator");
}
