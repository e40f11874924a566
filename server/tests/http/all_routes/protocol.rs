//! What all routes of REST have in common: requests that come twice, replies that are known.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Setup, TestApp, on_both_databases, rest_project, with_sqlite};

on_both_databases!(
    a_request_that_comes_twice_is_carried_out_once,
    what_was_refused_may_come_again,
    a_key_of_a_request_is_a_short_word,
    a_key_is_of_one_user_in_one_workspace,
    a_reply_that_holds_a_secret_is_not_kept,
    a_key_is_forgotten_after_a_day,
    replies_that_are_known_are_not_sent_again
);

async fn a_request_that_comes_twice_is_carried_out_once(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    let made = once("one").post("/projects", &rest_project("Watch")).await;
    let first = made.expect(201);
    assert_eq!(made.header("idempotency-replayed"), "");
    let again = once("one").post("/projects", &rest_project("Watch")).await;
    assert_eq!(
        (again.expect(201), again.header("idempotency-replayed")),
        (first, "true")
    );
    assert_eq!(app.count("llm_monitoring_projects").await, 1);

    let another = once("one").post("/projects", &rest_project("Other")).await;
    assert_eq!(another.problem(422)["code"], "invalid");
    let elsewhere = once("one").post("/suggest", &rest_project("Watch")).await;
    elsewhere.problem(422);
}

/// It changed nothing, and is right this time.
async fn what_was_refused_may_come_again(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    once("one")
        .post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
    once("two")
        .post("/projects", &rest_project("Watch"))
        .await
        .wrong_fields();
    once("two")
        .post("/projects", &rest_project("Second"))
        .await
        .expect(201);
}

async fn a_key_of_a_request_is_a_short_word(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    for wrong in ["", "with space", &"x".repeat(256), "n\u{e9}e"] {
        let refused = once(wrong).post("/projects", &rest_project("Third")).await;
        refused.problem(400);
    }
}

async fn a_key_is_of_one_user_in_one_workspace(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    once("one")
        .post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
    let ben = app.sign_up("ben@example.com").await;
    let his = ben.with("idempotency-key", "one");
    his.post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
}

/// That it was given is.
async fn a_reply_that_holds_a_secret_is_not_kept(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    let token = json!({"name": "ci", "scope": "read", "password": PASSWORD});
    once("three").post("/tokens", &token).await.expect(201);
    once("three").post("/tokens", &token).await.problem(409);
    let kept = "SELECT COUNT(*) FROM rest_replies WHERE CAST(body AS TEXT) LIKE '%plx_%'";
    assert_eq!(app.number(kept).await, 0);
    assert!(app.count("rest_replies").await > 0);
}

async fn a_key_is_forgotten_after_a_day(app: &TestApp) {
    let ana = app.admin().await.program().await;
    let once = |key: &str| ana.with("idempotency-key", key);
    once("one")
        .post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
    app.pass(chrono::Duration::hours(25));
    once("one")
        .post("/projects", &rest_project("Watch"))
        .await
        .wrong_fields();
}

async fn replies_that_are_known_are_not_sent_again(app: &TestApp) {
    let ana = app.sign_up("eve@example.com").await;
    ana.post("/projects", &rest_project("Watch"))
        .await
        .expect(201);
    let first = ana.get("/projects").await;
    first.expect(200);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let same = ana.with("if-none-match", &tag).get("/projects").await;
    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    assert_eq!(same.header("etag"), tag);
    ana.post("/projects", &rest_project("Second"))
        .await
        .expect(201);
    let changed = ana.with("if-none-match", &tag).get("/projects").await;
    assert_eq!(changed.expect(200)["total"], 2);
    assert_ne!(changed.header("etag"), tag);
    let refused = ana.with("if-none-match", "*").get("/projects/999999").await;
    refused.problem(404);
}

/// Two at the same moment: one is carried out, the other waits or gets its reply.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_requests_at_the_same_moment_one_is_carried_out() {
    let setup = Setup {
        latency: std::time::Duration::from_millis(300),
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        let once = ana.with("idempotency-key", "run");
        let path = format!("/projects/{project}/analyze?wait=true");
        let wish = json!({});
        let (first, second) = tokio::join!(once.post(&path, &wish), async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            once.post(&path, &wish).await
        });
        let run = first.expect(200)["run_id"].clone();
        assert_eq!(second.problem(409)["code"], "conflict");
        let third = once.post(&path, &wish).await.expect(200);
        assert_eq!(third["run_id"], run);
        assert_eq!(app.count("llm_monitoring_analysis_runs").await, 1);
    })
    .await;
}

/// Every list that has pages gives the same rows page by page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_come_in_pages() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.make_project("Second").await;
        for _ in 0..3 {
            ana.run_project(project).await;
        }
        ana.program().await;
        ana.program().await;
        for (path, list) in [
            ("/projects".to_owned(), "projects"),
            (format!("/projects/{project}/queries"), "queries"),
            (format!("/projects/{project}/runs"), "runs"),
            (format!("/projects/{project}/results"), "results"),
            (format!("/projects/{project}/responses"), "results"),
            ("/models".to_owned(), "models"),
            ("/prices".to_owned(), "prices"),
            ("/tokens".to_owned(), "tokens"),
        ] {
            let whole = ana.get(&format!("{path}?limit=200")).await.expect(200);
            let whole = whole[list].as_array().expect("rows").clone();
            assert!(whole.len() > 1, "{path}");
            let mut rows: Vec<Value> = Vec::new();
            let mut cursor = String::new();
            loop {
                let part = ana
                    .get(&format!("{path}?limit=1{cursor}"))
                    .await
                    .expect(200);
                let page = part[list].as_array().expect("rows");
                assert_eq!(page.len(), 1, "{path}");
                rows.extend(page.iter().cloned());
                match part["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
                assert!(rows.len() <= whole.len(), "{path}");
            }
            assert_eq!(rows, whole, "{path}");
            for wrong in ["limit=0", "limit=many", "cursor=x", "limit=-1"] {
                let refused = ana.get(&format!("{path}?{wrong}")).await;
                assert_eq!(refused.wrong_fields().len(), 1, "{path}?{wrong}");
            }
        }
        let unlimited = ana
            .send(Method::GET, "/api/llm-monitoring/projects", Body::empty())
            .await;
        assert_eq!(unlimited.expect(200)["next_cursor"], Value::Null);
    })
    .await;
}
