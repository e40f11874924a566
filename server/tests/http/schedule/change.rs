//! The time zone in which jobs fall due.

use app::model::account::Role;
use serde_json::json;

use super::jobs;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_time_zone_is_one_that_there_is,
    jobs_keep_the_hour_of_the_day_elsewhere,
    those_who_may_only_look_look
);

async fn a_time_zone_is_one_that_there_is(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    for zone in ["Mars/Olympus", "", "UTC+1", "Europe/Madrid\0"] {
        let wrong = ana
            .call("schedule/save-time-zone", &json!({"time_zone": zone}))
            .await;
        assert_eq!(wrong.status, 422, "{zone}");
    }
    let zone = json!({"time_zone": "Europe/Madrid"});
    let changed = api.put("/schedule", &zone).await.expect(200);
    assert_eq!(changed["time_zone"], "Europe/Madrid");
    let wrong = api
        .put("/schedule", &json!({"time_zone": "Europe/Atlantis"}))
        .await;
    assert_eq!(wrong.wrong_fields(), ["time_zone"]);
    let back = json!({"time_zone": "UTC"});
    api.put("/schedule", &back).await.expect(200);
}

async fn jobs_keep_the_hour_of_the_day_elsewhere(app: &TestApp) {
    let ana = app.admin().await;
    let path = format!("/projects/{}", ana.make_project("Watch").await);
    let before = ana.get(&path).await.expect(200)["project"]["next_run_at"].clone();
    let zone = json!({"time_zone": "America/New_York"});
    ana.call("schedule/save-time-zone", &zone).await.expect(200);
    let view = jobs(&ana).await;
    assert_eq!(view["time_zone"], "America/New_York");
    assert!(
        view["time_zones"]
            .as_array()
            .expect("zones")
            .contains(&json!("Europe/Madrid"))
    );
    let shown = ana.get(&path).await.expect(200);
    let next = shown["project"]["next_run_at"].as_str().expect("a moment");
    assert_ne!(next, before);
    assert!(
        next.contains("T08:00:00") || next.contains("T09:00:00"),
        "{next}"
    );
}

async fn those_who_may_only_look_look(app: &TestApp) {
    let ana = app.admin().await;
    ana.make_project("Watch").await;
    let viewer = app
        .member("viewer@example.com", ana.workspace().await, Role::Viewer)
        .await;
    let zone = json!({"time_zone": "America/New_York"});
    viewer
        .call("schedule/save-time-zone", &zone)
        .await
        .expect(403);
    let view = jobs(&viewer).await;
    assert_eq!(view["time_zones"], json!([]));
    assert_eq!(view["jobs"].as_array().expect("jobs").len(), 1);
    viewer
        .call("schedule/job", &json!({"project_id": null}))
        .await
        .expect(403);
}
