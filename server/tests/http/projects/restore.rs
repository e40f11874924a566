//! Deleted projects that are brought back.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};
use crate::tenants::ids_of;

on_both_databases!(a_deleted_project_comes_back_with_everything);

async fn a_deleted_project_comes_back_with_everything(app: &TestApp) {
    let ana = app.admin().await;
    let ids = ids_of(app, &ana, "Watch").await;
    let (project, run) = (ids.of("ProjectId"), ids.of("RunId"));
    let path = format!("/projects/{project}");
    let before = ana.get(&format!("{path}/results")).await.expect(200);
    ana.delete(&path).await.expect(200);
    ana.delete(&path).await.problem(404);

    // Its name is free, and then it is in the way.
    let other = ana.make_project("Watch").await;
    let taken = ana.post(&format!("{path}/restore"), &json!({})).await;
    assert_eq!(taken.wrong_fields(), ["name"]);
    ana.delete(&format!("/projects/{other}")).await.expect(200);

    ana.post(&format!("{path}/restore"), &json!({}))
        .await
        .expect(200);
    ana.post(&format!("{path}/restore"), &json!({}))
        .await
        .problem(404);
    let after = ana.get(&format!("{path}/results")).await.expect(200);
    assert_eq!(before["results"], after["results"]);
    ana.call("runs/get", &json!({"run_id": run}))
        .await
        .expect(200);
    let shown = ana.get(&path).await.expect(200);
    assert_eq!(shown["project"]["is_active"], true);
    assert!(
        shown["project"]["next_run_at"].is_string(),
        "its schedule goes on"
    );
}
