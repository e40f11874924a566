//! A ceiling is set.

use serde_json::json;

use super::ceiling_of_leo;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    only_admins_set_a_ceiling,
    what_is_wrong_about_a_ceiling_changes_nothing
);

async fn only_admins_set_a_ceiling(app: &TestApp) {
    let ana = app.admin().await;
    let leo = app.sign_up("leo@example.com").await;
    let wish = ceiling_of_leo();
    leo.put("/shared-key-ceilings", &wish).await.problem(403);
    app.nobody()
        .put("/shared-key-ceilings", &wish)
        .await
        .problem(401);
    let set = ana.put("/shared-key-ceilings", &wish).await.expect(200);
    assert_eq!(
        (&set["monthly_ceiling_usd"], &set["workspaces"]),
        (&json!(2.5), &json!(1))
    );
}

async fn what_is_wrong_about_a_ceiling_changes_nothing(app: &TestApp) {
    let ana = app.admin().await;
    app.sign_up("leo@example.com").await;
    ana.put("/shared-key-ceilings", &ceiling_of_leo())
        .await
        .expect(200);
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
