//! Deleted projects that can be brought back.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(the_last_deleted_comes_first);

async fn the_last_deleted_comes_first(app: &TestApp) {
    let ana = app.admin().await;
    let (first, second) = (
        ana.make_project("First").await,
        ana.make_project("Second").await,
    );
    ana.make_project("Kept").await;
    for project in [first, second] {
        ana.delete(&format!("/projects/{project}"))
            .await
            .expect(200);
        app.pass(Duration::minutes(1));
    }
    let listed = ana.get("/projects/deleted").await.expect(200);
    assert_eq!(listed["total"], 2);
    let ids: Vec<&Value> = listed["projects"]
        .as_array()
        .expect("projects")
        .iter()
        .map(|project| &project["id"])
        .collect();
    assert_eq!(ids, [second, first]);
    let shown = &listed["projects"][0];
    assert_eq!(shown["name"], "Second");
    assert_eq!(shown["brand_name"], "Kipu");
    let time = |field: &str| -> DateTime<Utc> {
        let text = shown[field].as_str().expect("a time");
        text.parse().expect("a time")
    };
    assert!(time("erased_from") >= time("deleted_at"));
    let part = ana.get("/projects/deleted?limit=1").await.expect(200);
    assert_eq!(part["next_cursor"], "1");
    let ben = app.sign_up("ben@example.com").await;
    assert_eq!(ben.get("/projects/deleted").await.expect(200)["total"], 0);
}
