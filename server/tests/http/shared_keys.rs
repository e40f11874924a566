//! What workspaces may spend on the operator's keys: admins set it, and nobody else.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(flow);

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let leo = app.sign_up("leo@example.com").await;
    let wish = json!({"email": "leo@example.com", "monthly_ceiling_usd": "2.50"});
    leo.put("/shared-key-ceilings", &wish).await.problem(403);
    leo.get("/shared-key-ceilings").await.problem(403);
    app.nobody()
        .put("/shared-key-ceilings", &wish)
        .await
        .problem(401);

    let set = ana.put("/shared-key-ceilings", &wish).await.expect(200);
    assert_eq!(
        (&set["monthly_ceiling_usd"], &set["workspaces"]),
        (&json!(2.5), &json!(1))
    );
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

    for (wish, status) in [
        (
            json!({"email": "nobody@example.com", "monthly_ceiling_usd": 1}),
            404,
        ),
        (
            json!({"email": "no address", "monthly_ceiling_usd": 1}),
            422,
        ),
        (
            json!({"email": "leo@example.com", "monthly_ceiling_usd": -1}),
            422,
        ),
        (
            json!({"email": "leo@example.com", "monthly_ceiling_usd": "1e99"}),
            422,
        ),
        (
            json!({"email": "leo@example.com", "monthly_ceiling_usd": 2_000_000}),
            422,
        ),
    ] {
        ana.put("/shared-key-ceilings", &wish).await.problem(status);
    }
    let listed = ana.get("/shared-key-ceilings").await.expect(200);
    assert_eq!(
        listed["ceilings"][0]["monthly_ceiling_usd"], 2.5,
        "nothing was changed"
    );
}
