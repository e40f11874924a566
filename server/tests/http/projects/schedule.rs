//! When a project runs by itself.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_project_runs_every_day_unless_somebody_chooses_otherwise,
    what_is_no_schedule_is_refused,
    by_hand_only_or_switched_off_there_is_no_next_time
);

async fn a_project_runs_every_day_unless_somebody_chooses_otherwise(app: &TestApp) {
    let ana = app.admin().await;
    let id = ana.make_project("Watch").await;
    let shown = ana.get(&format!("/projects/{id}")).await.expect(200);
    assert_eq!(shown["project"]["schedule"], "0 4 * * *");
    let next = shown["project"]["next_run_at"].as_str().expect("a moment");
    assert!(next.contains("T04:00:00"), "{next}");
}

async fn what_is_no_schedule_is_refused(app: &TestApp) {
    let ana = app.admin().await;
    let path = format!("/projects/{}", ana.make_project("Watch").await);
    let path = path.as_str();
    for schedule in [
        "daily",
        "* * * * * *",
        "0 4 30 2 *",
        "*/5 * * * *",
        "0 4 * * * 2030",
        "61 * * * *",
        "💥",
    ] {
        let wrong = ana
            .put(path, &json!({"schedule": schedule}))
            .await
            .wrong_fields();
        assert_eq!(wrong, ["schedule"], "{schedule}");
        let preview = ana
            .call("schedule/preview", &json!({"schedule": schedule}))
            .await;
        assert_eq!(preview.status, 422, "{schedule}");
    }
    let shown = ana.get(path).await.expect(200);
    assert_eq!(
        shown["project"]["schedule"], "0 4 * * *",
        "nothing has changed"
    );
    let preview = ana
        .call("schedule/preview", &json!({"schedule": "0 9 * * 1-5"}))
        .await
        .expect(200);
    assert_eq!(preview.as_array().expect("moments").len(), 3);
}

async fn by_hand_only_or_switched_off_there_is_no_next_time(app: &TestApp) {
    let ana = app.admin().await;
    let path = format!("/projects/{}", ana.make_project("Watch").await);
    for change in [
        json!({"schedule": ""}),
        json!({"schedule": "30 5 * * 1", "is_active": false}),
    ] {
        let changed = ana.put(&path, &change).await.expect(200);
        assert_eq!(changed["project"]["next_run_at"], Value::Null, "{change}");
    }
    let changed = ana
        .put(&path, &json!({"is_active": true}))
        .await
        .expect(200);
    assert!(
        changed["project"]["next_run_at"]
            .as_str()
            .expect("a moment")
            .contains(":30:00")
    );
}
