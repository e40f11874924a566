//! Notes of settings that were changed.

use app::model::overview::NoteKind;
use serde_json::json;

use super::{on_chart, today};
use crate::support::{TestApp, choose_judge, on_both_databases};

on_both_databases!(
    another_judge_is_noted_in_all_projects,
    another_schedule_is_noted_once_a_day
);

async fn another_judge_is_noted_in_all_projects(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let other = ana.make_project("Other").await;
    let ben = app.sign_up("ben@example.com").await;
    let his = ben.make_project("Own").await;
    let to = today(&ana).await;
    choose_judge(&ana, "simulator").await;
    choose_judge(&ana, "simulator").await;
    for project in [project, other] {
        let notes = on_chart(&ana, project, to).await;
        let [NoteKind::JudgeChanged { old, new }] = notes.as_slice() else {
            panic!("{notes:?}");
        };
        assert!(old.is_empty() && !new.is_empty(), "{notes:?}");
    }
    assert_eq!(on_chart(&ben, his, to).await, []);
    // On the same day it is as it was.
    ana.put("/judge", &json!({"model_id": null}))
        .await
        .expect(200);
    assert_eq!(on_chart(&ana, project, to).await, []);
}

async fn another_schedule_is_noted_once_a_day(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let path = format!("/projects/{project}");
    let change = async |change: serde_json::Value| ana.put(&path, &change).await.expect(200);
    change(json!({"schedule": "0 4 * * *"})).await;
    app.execute("DELETE FROM llm_monitoring_chart_notes").await;
    change(json!({"name": "Renamed"})).await;
    let to = today(&ana).await;
    assert_eq!(on_chart(&ana, project, to).await, []);
    let noted = |new: &str| {
        [NoteKind::ScheduleChanged {
            old: "0 4 * * *".to_owned(),
            new: new.to_owned(),
        }]
    };
    change(json!({"schedule": "0 6 * * 1"})).await;
    assert_eq!(on_chart(&ana, project, to).await, noted("0 6 * * 1"));
    change(json!({"is_active": false})).await;
    assert_eq!(on_chart(&ana, project, to).await, noted(""));
    change(json!({"is_active": true, "schedule": "0 4 * * *"})).await;
    assert_eq!(on_chart(&ana, project, to).await, []);
    // The next day it is another one.
    change(json!({"schedule": "0 6 * * 1"})).await;
    app.pass(chrono::Duration::days(1));
    change(json!({"schedule": "0 4 * * *"})).await;
    let to = today(&ana).await;
    assert_eq!(on_chart(&ana, project, to).await.len(), 2);
}
