//! What a view may be made of, and how many there may be.

use serde_json::{Value, json};

use super::{draft, names, save, update};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    each_wrong_field_is_named,
    a_page_has_a_project_or_none,
    a_name_is_there_once,
    there_are_only_so_many
);

async fn each_wrong_field_is_named(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let view = save(&ana, draft(project, "Lost")).await;
    let long = "a".repeat(8_001);
    for (field, wrong) in [
        ("name", json!({"name": " "})),
        ("name", json!({"name": &long[..61]})),
        ("setting.address", json!({"setting": {"address": long}})),
        ("setting.address", json!({"setting": {"address": "a\nb"}})),
        (
            "setting.columns",
            json!({"setting": {"columns": vec!["a"; 61]}}),
        ),
        (
            "setting.columns",
            json!({"setting": {"columns": [&long[..41]]}}),
        ),
    ] {
        let mut fresh = draft(project, "Fresh");
        for (name, value) in wrong.as_object().expect("fields") {
            fresh[name] = value.clone();
        }
        let saved = ana.call("views/save", &json!({"draft": fresh})).await;
        assert_eq!(saved.expect(422)["fields"][0]["field"], field);
        let change = json!({"view_id": view["id"], "change": wrong});
        let changed = ana.call("views/update", &change).await.expect(422);
        assert_eq!(changed["fields"][0]["field"], field);
    }
    let mut nowhere = draft(project, "Nowhere");
    nowhere["place"] = json!("cellar");
    let nowhere = json!({"draft": nowhere});
    assert_eq!(ana.call("views/save", &nowhere).await.status, 400);
    assert_eq!(names(&ana, project).await, ["Lost"]);
}

async fn a_page_has_a_project_or_none(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    for (place, project) in [("answers", Value::Null), ("home", json!(project))] {
        let page = json!({"place": place, "project_id": project});
        let listed = ana.call("views/list", &page).await.expect(422);
        assert_eq!(listed["fields"][0]["field"], "project_id", "{place}");
        let mut lost = draft(0, "Lost");
        lost["place"] = page["place"].clone();
        lost["project_id"] = page["project_id"].clone();
        let saved = ana.call("views/save", &json!({"draft": lost})).await;
        let saved = saved.expect(422);
        assert_eq!(saved["fields"][0]["field"], "project_id", "{place}");
        let message = saved["fields"][0]["message"].as_str().expect("words");
        assert!(message.contains("project"), "{message}");
    }
    assert_eq!(app.count("saved_views").await, 0);
}

async fn a_name_is_there_once(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let first = save(&ana, draft(project, "Lost")).await;
    let second = save(&ana, draft(project, "Won")).await;
    let taken = |field: &Value| field["fields"][0]["field"] == "name";
    let again = json!({"draft": draft(project, " Lost ")});
    assert!(taken(&ana.call("views/save", &again).await.expect(422)));
    let rename = json!({"view_id": second["id"], "change": {"name": "Lost"}});
    assert!(taken(&ana.call("views/update", &rename).await.expect(422)));
    // Its own name is no other's, and on another page it is free.
    update(
        &ana,
        &first,
        json!({"name": "Lost", "setting": {"address": ""}}),
    )
    .await;
    save(&ana, draft(ana.make_project("Other").await, "Lost")).await;
    assert_eq!(names(&ana, project).await, ["Lost", "Won"]);
}

async fn there_are_only_so_many(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let mut last = Value::Null;
    for number in 0..50 {
        last = save(&ana, draft(project, &format!("View {number}"))).await;
    }
    let more = json!({"draft": draft(project, "One more")});
    ana.call("views/save", &more).await.expect(409);
    assert_eq!(app.count("saved_views").await, 50);
    ana.call("views/remove", &json!({"view_id": last["id"]}))
        .await
        .expect(200);
    ana.call("views/save", &more).await.expect(200);
    ana.call("views/save", &more).await.expect(409);
    // Nobody sees those of a deleted project, so they take no room.
    let other = ana.make_project("Other").await;
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    save(&ana, draft(other, "One more")).await;
}
