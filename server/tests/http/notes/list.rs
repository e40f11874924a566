//! The notes that people have written.

use chrono::Days;
use serde_json::json;

use super::{today, write};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(notes_come_by_day_with_whoever_wrote_them);

async fn notes_come_by_day_with_whoever_wrote_them(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let other = ana.make_project("Other").await;
    let to = today(&ana).await;
    let earlier = to - Days::new(400);
    write(&ana, project, to, "Later").await.expect(201);
    write(&ana, project, earlier, "Earlier").await.expect(201);
    let path = format!("/projects/{project}/notes");
    let listed = ana.get(&path).await.expect(200);
    assert_eq!(listed["total"], 2);
    let notes = listed["notes"].as_array().expect("notes");
    let of = |place: usize| (notes[place]["day"].clone(), notes[place]["text"].clone());
    assert_eq!(of(0), (json!(to), json!("Later")));
    assert_eq!(of(1), (json!(earlier), json!("Earlier")));
    let author = notes[0]["author"].as_str().expect("an address");
    assert!(author.contains('@'), "{author}");
    let first = ana.get(&format!("{path}?limit=1")).await.expect(200);
    let next = first["next_cursor"].as_str().expect("a cursor");
    let second = ana
        .get(&format!("{path}?limit=1&cursor={next}"))
        .await
        .expect(200);
    assert_eq!(second["notes"][0]["text"], "Earlier");
    let none = ana.get(&format!("/projects/{other}/notes")).await;
    assert_eq!(none.expect(200)["total"], 0);
}
