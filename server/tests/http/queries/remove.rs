//! Questions that are taken out of their project.

use serde_json::json;

use crate::support::{TaggedRun, TestApp, on_both_databases};

on_both_databases!(a_removed_question_is_gone_and_its_answers_are_kept);

async fn a_removed_question_is_gone_and_its_answers_are_kept(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let api = &run.api;
    let path = format!("/projects/{}/queries/{}", run.project, run.florist);
    let change = json!({"is_active": false, "tags": ["plants"]});
    api.delete(&path).await.expect(200);
    api.delete(&path).await.problem(404);
    api.put(&path, &change).await.problem(404);
    api.get(&format!("{path}/history")).await.problem(404);
    assert_eq!(run.get("/queries").await["total"], 4);
    assert_eq!(
        run.get("/results").await["total"],
        5,
        "its answers are kept"
    );
    let clusters = run.get("/clusters").await;
    let plants = clusters["clusters"].as_array().expect("clusters");
    let plants = plants.iter().find(|cluster| cluster["tag"] == "plants");
    assert_eq!(plants.expect("its cluster")["total_queries"], 1);
}
