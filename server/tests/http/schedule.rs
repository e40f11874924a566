//! What happens by itself: schedules of projects, the workspace's time zone, jobs from outside.

use app::model::account::Role;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    CRON_TOKEN, Caller, TestApp, all_named, named, on_both_databases, rest_project,
};

on_both_databases!(flow);

const DAILY_JOBS: &str = "/cron/daily-analysis";

async fn jobs(by: &Caller<'_>) -> Value {
    let view = by.call("schedule/get", &json!({})).await.expect(200);
    let mut view = named(&view, "time_zone time_zones jobs");
    view["jobs"] = all_named(&view["jobs"], "kind project schedule next_at last");
    view
}

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    // A project runs every day unless somebody chooses otherwise.
    let made = ana
        .post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
    let id = made["project"]["id"].as_i64().expect("an id");
    let path = format!("/projects/{id}");
    let shown = ana.get(&path).await.expect(200);
    assert_eq!(shown["project"]["schedule"], "0 4 * * *");
    let next = shown["project"]["next_run_at"]
        .as_str()
        .expect("a moment")
        .to_owned();
    assert!(next.contains("T04:00:00"), "{next}");

    wrong_schedules(&ana, &path).await;
    time_zones(app, &ana, &path, &next).await;

    // By hand only, or switched off: no next time.
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

    from_outside(app, &ana, id, &path).await;
}

async fn wrong_schedules(ana: &Caller<'_>, path: &str) {
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

async fn time_zones(app: &TestApp, ana: &Caller<'_>, path: &str, before: &str) {
    for zone in ["Mars/Olympus", "", "UTC+1", "Europe/Madrid\0"] {
        let wrong = ana
            .call("schedule/save-time-zone", &json!({"time_zone": zone}))
            .await;
        assert_eq!(wrong.status, 422, "{zone}");
    }
    let zone = json!({"time_zone": "America/New_York"});
    ana.call("schedule/save-time-zone", &zone).await.expect(200);
    let view = jobs(ana).await;
    assert_eq!(view["time_zone"], "America/New_York");
    assert!(
        view["time_zones"]
            .as_array()
            .expect("zones")
            .contains(&json!("Europe/Madrid"))
    );
    // The same hour of the day, elsewhere.
    let shown = ana.get(path).await.expect(200);
    let next = shown["project"]["next_run_at"].as_str().expect("a moment");
    assert_ne!(next, before);
    assert!(
        next.contains("T08:00:00") || next.contains("T09:00:00"),
        "{next}"
    );
    // Those who may only look, look.
    let viewer = app
        .member("viewer@example.com", ana.workspace().await, Role::Viewer)
        .await;
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
    // The look at models is the admins'.
    let kinds: Vec<Value> = jobs(ana).await["jobs"]
        .as_array()
        .expect("jobs")
        .iter()
        .map(|job| job["kind"].clone())
        .collect();
    assert_eq!(kinds, ["run", "models"]);
}

async fn from_outside(app: &TestApp, ana: &Caller<'_>, id: i64, path: &str) {
    let every_day = json!({"schedule": "0 23 * * *"});
    ana.put(path, &every_day).await.expect(200);
    // Nobody's session and no other token opens it.
    let token = ana.program().await;
    for reply in [
        ana.post(DAILY_JOBS, &json!({})).await,
        app.nobody().rest(Method::POST, DAILY_JOBS, None).await,
        app.nobody()
            .with("authorization", "Bearer wrong")
            .rest(Method::POST, DAILY_JOBS, None)
            .await,
        token.rest(Method::POST, DAILY_JOBS, None).await,
    ] {
        reply.problem(401);
    }
    let operator = app
        .nobody()
        .with("authorization", &format!("Bearer {CRON_TOKEN}"));
    // It opens nothing else.
    operator.get("/projects").await.problem(401);
    let done = operator
        .rest(Method::POST, &format!("{DAILY_JOBS}?wait=true"), None)
        .await
        .expect(200);
    assert_eq!(
        (&done["success"], &done["ok"]),
        (&json!(true), &json!(true)),
        "{done}"
    );
    assert_eq!(done["projects"][0]["status"], "finished");
    assert_eq!((&done["asks"], &done["failures"]), (&json!(3), &json!(0)));
    let models = operator
        .rest(Method::POST, "/cron/model-discovery", None)
        .await
        .expect(200);
    assert_eq!(models["ok"], false, "nobody has a key: {models}");
    ana.post("/cron/model-discovery", &json!({}))
        .await
        .problem(401);
    // Once a day, also where it is called again.
    let again = operator
        .rest(Method::POST, DAILY_JOBS, None)
        .await
        .expect(202);
    assert_eq!(
        again["projects"][0]["run_id"],
        done["projects"][0]["run_id"]
    );
    assert_eq!(app.count("llm_monitoring_analysis_runs").await, 1);
    // Its page tells of it.
    let job = ana
        .call("schedule/job", &json!({"project_id": id}))
        .await
        .expect(200);
    let job = named(&job, "kind project schedule next_at last");
    let last = all_named(
        &job["last"],
        "id due_at started_at finished_at outcome run lines",
    );
    assert_eq!(last.as_array().expect("times").len(), 1);
    assert_eq!(last[0]["outcome"], "done");
    assert_eq!(
        last[0]["run"],
        json!([done["projects"][0]["run_id"], "finished"])
    );
}
