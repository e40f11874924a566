//! Changes of the budget.

use app::model::money::Money;
use axum::http::Method;
use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(amounts_keep_all_their_digits_and_absent_fields_stay);

async fn amounts_keep_all_their_digits_and_absent_fields_stay(app: &TestApp) {
    let api = app.admin().await.program().await;
    let text = r#"{"monthly_budget_usd": 12.345678901, "spending_alert_threshold": 75}"#;
    let changed = api
        .send(Method::PUT, "/api/llm-monitoring/budget", text.into())
        .await;
    changed.expect(200);
    assert!(
        String::from_utf8_lossy(&changed.body).contains(r#""monthly_budget_usd":12.345678901,"#)
    );
    let workspace = app.number("SELECT MIN(id) FROM workspaces").await;
    let stored = app.store.budget(workspace.into()).await.expect("a budget");
    assert_eq!(
        (stored.monthly, stored.threshold_percent),
        (Money::from_nanos(12_345_678_901), 75)
    );
    let half = api
        .put("/budget", &json!({"monthly_budget_usd": "50"}))
        .await
        .expect(200);
    assert_eq!(
        (
            &half["budget"]["monthly_budget_usd"],
            &half["budget"]["spending_alert_threshold"]
        ),
        (&json!(50), &json!(75))
    );
}
