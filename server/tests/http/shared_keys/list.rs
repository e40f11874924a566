//! The ceilings of workspaces.

use serde_json::json;

use super::ceiling_of_leo;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(workspaces_with_a_ceiling_come_first);

async fn workspaces_with_a_ceiling_come_first(app: &TestApp) {
    let ana = app.admin().await;
    let leo = app.sign_up("leo@example.com").await;
    leo.get("/shared-key-ceilings").await.problem(403);
    ana.put("/shared-key-ceilings", &ceiling_of_leo())
        .await
        .expect(200);
    let listed = ana.get("/shared-key-ceilings?limit=1").await.expect(200);
    assert_eq!(
        (&listed["total"], &listed["next_cursor"]),
        (&json!(2), &json!("1"))
    );
    let first = &listed["ceilings"][0];
    assert_eq!(
        (&first["owners"], &first["is_unbounded"]),
        (&json!(["leo@example.com"]), &json!(false))
    );
    assert_eq!(
        (&first["monthly_ceiling_usd"], &first["current_month_spend"]),
        (&json!(2.5), &json!(0))
    );
    let second = ana.get("/shared-key-ceilings?cursor=1").await.expect(200);
    assert_eq!(
        second["ceilings"][0]["is_unbounded"], true,
        "the admin's own"
    );
}
