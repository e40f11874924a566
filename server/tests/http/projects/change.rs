//! Projects that are changed, field by field.

use app::model::money::Money;
use serde_json::{Value, json};

use crate::runs::forecast_on_screen;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    absent_fields_stay_as_they_are,
    keywords_keep_how_they_are_matched,
    a_name_of_two_entities_is_refused_in_any_spelling,
    a_project_may_have_a_budget_of_its_own,
    a_refused_change_changes_nothing
);

async fn absent_fields_stay_as_they_are(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    let before = ana.get(&path).await.expect(200)["project"].clone();

    for (change, field) in [
        (json!({"name": "Other"}), "name"),
        (json!({"brand_name": "Quipu"}), "brand_name"),
        (json!({"brand_keywords": ["K-Suite"]}), "brand_keywords"),
        (json!({"industry": "bookkeeping"}), "industry"),
        (json!({"language": "es"}), "language"),
        (json!({"country_code": "MX"}), "country_code"),
        (json!({"is_active": false}), "is_active"),
        (json!({"competitors": ["Acme"]}), "competitors"),
        (
            json!({"enabled_llms": ["simulator", "openai"]}),
            "enabled_llms",
        ),
    ] {
        let was = ana.get(&path).await.expect(200)["project"].clone();
        let mut is = ana.put(&path, &change).await.expect(200)["project"].clone();
        assert_ne!(is[field], was[field], "{field}");
        is[field] = was[field].clone();
        if field == "is_active" {
            is["next_run_at"] = was["next_run_at"].clone();
        }
        if field == "enabled_llms" {
            is["model_ids"] = was["model_ids"].clone();
        }
        assert_eq!(is, was, "only {field} has changed");
    }
    let is = ana.get(&path).await.expect(200)["project"].clone();
    assert_eq!(
        is["competitors"][0], before["competitors"][0],
        "what is known of it stays"
    );
    assert_eq!(is["enabled_llms"], json!(["openai", "simulator"]));
    assert_eq!(ana.put(&path, &json!({})).await.expect(200)["project"], is);
    // What was read can be sent back.
    assert_eq!(ana.put(&path, &is).await.expect(200)["project"], is);
    assert_eq!(
        ana.get(&format!("{path}/queries")).await.expect(200)["total"],
        3
    );
}

async fn keywords_keep_how_they_are_matched(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    let keywords = json!([
        "K",
        {"text": "Quipu", "match_case": true, "whole_word": false},
        {"text": "Kipu", "not": ["kipu cord"], "needs": ["invoice"]},
    ]);
    let change = json!({"brand_keywords": keywords});
    let is = ana.put(&path, &change).await.expect(200)["project"].clone();
    assert_eq!(is["brand_keywords"], keywords);
    // What was read can be sent back.
    assert_eq!(ana.put(&path, &is).await.expect(200)["project"], is);

    for wrong in [
        json!([{"text": "Quipu", "not": ["!"]}]),
        json!([{"text": "Quipu", "needs": [""]}]),
        json!([{"text": "Quipu", "not": vec!["cord"; 21]}]),
        json!(["...", "Quipu"]),
    ] {
        let reply = ana.put(&path, &json!({"brand_keywords": wrong})).await;
        assert_eq!(reply.wrong_fields(), ["brand_keywords"], "{wrong}");
    }
}

async fn a_name_of_two_entities_is_refused_in_any_spelling(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    for keyword in ["kipu", "KIPÚ", "Ｋipu", "Ki\u{200B}pu"] {
        let change = json!({"competitors": [{"name": "Globex", "keywords": [keyword]}]});
        let reply = ana.put(&path, &change).await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.wrong_fields(), ["competitors.0.name"], "{keyword}");
        assert!(text.contains("Kipu") && text.contains("Globex"), "{text}");
    }
}

async fn a_project_may_have_a_budget_of_its_own(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    let budget = async |body: &Value| {
        ana.put(&path, body).await.expect(200)["project"]["monthly_budget_usd"].clone()
    };
    assert_eq!(
        ana.get(&path).await.expect(200)["project"]["monthly_budget_usd"],
        Value::Null
    );
    assert_eq!(budget(&json!({"monthly_budget_usd": 12.5})).await, 12.5);
    assert_eq!(budget(&json!({"name": "Same"})).await, 12.5);
    let shown = forecast_on_screen(&ana, project).await;
    assert_eq!(
        shown["project_budget"]["monthly"],
        Money::from_nanos(12_500_000_000).nanos()
    );
    assert_eq!(
        budget(&json!({"monthly_budget_usd": null})).await,
        Value::Null
    );
    assert_eq!(
        forecast_on_screen(&ana, project).await["project_budget"],
        Value::Null
    );
    for wrong in [json!(-1), json!("x"), json!(true), json!(1_000_001)] {
        let fields = ana
            .put(&path, &json!({"monthly_budget_usd": wrong}))
            .await
            .wrong_fields();
        assert_eq!(fields, ["monthly_budget_usd"], "{wrong}");
    }
}

/// A change that is refused leaves the project as it was.
async fn a_refused_change_changes_nothing(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    let before = ana.get(&path).await.expect(200);
    for change in [
        json!({"name": "Fine", "brand_name": ""}),
        json!({"name": "Fine", "competitors": ["New one", "kipu"]}),
        json!({"name": "Fine", "model_ids": [999_999]}),
        json!({"name": "Fine", "enabled_llms": ["bard"]}),
    ] {
        ana.put(&path, &change).await.wrong_fields();
        assert_eq!(ana.get(&path).await.expect(200), before, "{change}");
    }
}
