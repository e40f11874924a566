//! The budget and its use.

use serde_json::json;

use crate::support::{BilledRun, TestApp, keys, on_both_databases, sorted};

on_both_databases!(the_budget_says_what_is_left_of_it);

async fn the_budget_says_what_is_left_of_it(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let shown = run.api.get("/budget").await.expect(200);
    assert_eq!(shown["configured"], true);
    assert_eq!(
        keys(&shown["budget"]),
        sorted([
            "monthly_budget_usd",
            "current_month_spend",
            "remaining",
            "spending_alert_threshold",
            "percentage_used",
            "is_over_budget",
            "is_near_limit",
            "reserved",
            "allow_unpriced",
            "last_spend_reset",
        ])
    );
    assert_eq!(
        shown["budget"]["current_month_spend"],
        run.ended["results"]["total_cost_usd"]
    );
    assert_eq!(
        (
            &shown["budget"]["monthly_budget_usd"],
            &shown["budget"]["spending_alert_threshold"]
        ),
        (&json!(100), &json!(80))
    );
}
