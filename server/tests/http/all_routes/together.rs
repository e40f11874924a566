//! Calls that come as one request: each is answered as if it had come alone.

use app::model::account::Role;
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Reply, Setup, TestApp, on_both_databases, with_sqlite};

on_both_databases!(each_has_the_status_and_body_that_it_has_alone);

/// So many at once.
const MOST: usize = 16;

async fn ask(who: &Caller<'_>, calls: &Value) -> Reply {
    who.call("together", calls).await
}

/// What came of each: its status and its body.
async fn told(who: &Caller<'_>, calls: &Value) -> Vec<(u64, Value)> {
    let reply = ask(who, calls).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let parts = reply.expect(200);
    let part = |part: &Value| {
        assert_eq!(part.as_array().map(Vec::len), Some(2), "{part}");
        (part[0].as_u64().expect("a status"), part[1].clone())
    };
    parts.as_array().expect("a list").iter().map(part).collect()
}

/// The same calls, one after the other and each alone.
async fn alone(who: &Caller<'_>, calls: &Value) -> Vec<(u64, Value)> {
    let mut parts = Vec::new();
    for call in calls.as_array().expect("a list") {
        let reply = who.call(call[0].as_str().expect("a name"), &call[1]).await;
        parts.push((reply.status.as_u16().into(), reply.json()));
    }
    parts
}

async fn each_has_the_status_and_body_that_it_has_alone(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let ben = app.sign_up("ben@example.com").await;
    let calls = json!([
        ["projects/get", {"project_id": project}],
        ["answers/list", {"filter": {"project_id": project, "limit": 3}}],
        ["projects/get", {"project_id": 999_999_999}],
        ["projects/get", {"project_id": "seven"}],
        ["projects/get", {}],
        ["budget/get", {}],
        ["models/changes", {}],
        ["no/such", {}],
    ]);
    let statuses = |told: &[(u64, Value)]| -> Vec<u64> { told.iter().map(|one| one.0).collect() };
    let of_ana = told(&ana, &calls).await;
    assert_eq!(statuses(&of_ana), [200, 200, 404, 400, 400, 200, 200, 400]);
    assert_eq!(of_ana, alone(&ana, &calls).await);
    // What is another's, and what only admins may, is so here too.
    let of_ben = told(&ben, &calls).await;
    assert_eq!(statuses(&of_ben), [404, 404, 404, 400, 400, 200, 403, 400]);
    assert_eq!(of_ben, alone(&ben, &calls).await);
    let spanish = ben.with("accept-language", "es");
    assert_eq!(
        told(&spanish, &calls).await,
        alone(&spanish, &calls).await,
        "in the caller's language"
    );
}

#[tokio::test]
async fn who_may_not_is_refused_and_the_others_are_carried_out() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        let workspace = ana.workspace().await;
        let viewer = app.member("v@example.com", workspace, Role::Viewer).await;
        let made = ana
            .post("/tokens", &json!({"name": "read", "scope": "read"}))
            .await
            .expect(201);
        let token = made["secret"].as_str().expect("a token");
        let reader = app
            .nobody()
            .with("authorization", &format!("Bearer {token}"));
        for caller in [viewer, reader] {
            let calls = json!([
                ["projects/delete", {"project_id": project}],
                ["projects/get", {"project_id": project}],
            ]);
            let parts = told(&caller, &calls).await;
            assert_eq!(
                (parts[0].0, &parts[0].1["code"]),
                (403, &json!("forbidden"))
            );
            assert_eq!(parts[1].0, 200);
        }
        ana.get(&format!("/projects/{project}")).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_is_told_of_each() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        ana.call("accounts/sign-out", &json!({})).await.expect(200);
        let calls = json!([
            ["projects/list", {}],
            ["accounts/session", {}],
            ["budget/get", {}]
        ]);
        for caller in [ana, app.nobody()] {
            let parts = told(&caller, &calls).await;
            let statuses: Vec<u64> = parts.iter().map(|(status, _)| *status).collect();
            assert_eq!(statuses, [401, 200, 401]);
            assert_eq!(parts[0].1["code"], "unauthorized");
            assert_eq!(parts[1].1["user"], Value::Null);
        }
    })
    .await;
}

#[tokio::test]
async fn what_sets_a_cookie_does_not_come_here() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let draft = json!({"email": "ben@example.com", "password": PASSWORD, "invitation": null});
        let known = json!({"email": "admin@example.com", "password": PASSWORD});
        let calls = json!([
            ["accounts/sign-up", {"draft": draft}],
            ["accounts/sign-in", {"draft": known}],
            ["accounts/sign-in?again", {"draft": known}],
            ["accounts/sign%2Din", {"draft": known}],
            ["/accounts/sign-in", {"draft": known}],
            ["x/../accounts/sign-in", {"draft": known}],
            ["accounts/sign-out", {}],
            ["accounts/sign-out#now", {}],
        ]);
        for caller in [&app.nobody(), &ana] {
            let reply = ask(caller, &calls).await;
            assert_eq!(reply.header("set-cookie"), "");
            for part in reply.expect(200).as_array().expect("a list") {
                assert_eq!(
                    (&part[0], &part[1]["code"]),
                    (&json!(400), &json!("bad_request"))
                );
            }
        }
        ana.get("/projects").await.expect(200);
        assert_eq!(app.count("users").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_one_to_sixteen_and_no_list_within_a_list() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let many = |count: usize| Value::from(vec![json!(["budget/get", {}]); count]);
        assert_eq!(told(&ana, &many(1)).await.len(), 1);
        assert_eq!(told(&ana, &many(MOST)).await.len(), MOST);
        for odd in [
            many(MOST + 1),
            many(0),
            json!({}),
            json!(null),
            json!("budget/get"),
            json!(["budget/get", {}]),
            json!([["budget/get"]]),
            json!([["budget/get", {}, {}]]),
            json!([[7, {}]]),
        ] {
            let refused = ask(&ana, &odd).await;
            assert_eq!(refused.status, 400, "{odd}");
            assert_eq!(refused.json()["code"], "bad_request");
        }
        for text in ["", "[", "[[\"budget/get\",{}]", "[[\"budget/get\",{}]] x"] {
            let path = "/api/fn/together";
            let refused = ana.send(Method::POST, path, Body::from(text)).await;
            assert_eq!(refused.status, 400, "{text}");
        }
        let nested = json!([["together", [["budget/get", {}]]], ["budget/get", {}]]);
        let parts = told(&ana, &nested).await;
        assert_eq!((parts[0].0, parts[1].0), (400, 200));
    })
    .await;
}

#[tokio::test]
async fn it_is_a_call_of_the_own_page_in_json() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let calls = json!([["projects/list", {}], ["models/list", {}]]);
        let path = "/api/fn/together";
        let got = ana.send(Method::GET, path, Body::empty()).await;
        assert_eq!(got.status, 405);
        let text = ana.with("content-type", "text/plain");
        assert_eq!(ask(&text, &calls).await.status, 415);
        let elsewhere = ana.with("origin", "https://evil.example");
        assert_eq!(ask(&elsewhere, &calls).await.status, 403);
        // Whoever would be led back to a page by a form is not.
        let form = ana.with("accept", "text/html").with("referer", "/");
        assert!(
            told(&form, &calls)
                .await
                .iter()
                .all(|(status, _)| *status == 200)
        );
        let packed = ask(&ana.with("accept-encoding", "br"), &calls).await;
        assert_eq!(packed.header("content-encoding"), "br");
    })
    .await;
}

#[tokio::test]
async fn all_of_it_is_no_longer_than_one_may_be() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let of_size = |kibibytes: usize| {
            let text = "x".repeat(kibibytes * 1024 / 2);
            json!([["projects/get", {"a": text}], ["projects/get", {"a": text}]])
        };
        for (caller, fits, too_large) in [(&ana, 1_000, 1_100), (&app.nobody(), 60, 70)] {
            assert_eq!(ask(caller, &of_size(fits)).await.status, 200);
            let refused = ask(caller, &of_size(too_large)).await;
            assert_eq!(refused.status, 413);
            assert_eq!(refused.json()["code"], "too_large");
        }
        // A file has a call of its own, which may be longer.
        let prices = json!([["models/import-preview", {"file": "x".repeat(2 * 1024 * 1024)}]]);
        assert_eq!(ask(&ana, &prices).await.status, 413);
    })
    .await;
}

#[tokio::test]
async fn each_is_counted() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let calls = Value::from(vec![json!(["budget/get", {}]); MOST]);
        let mut let_through = 0;
        let refused = 'asked: {
            // As many as a browser may send at once, and all that comes back meanwhile.
            for _ in 0..200 {
                let reply = ask(&ana, &calls).await;
                // There is not one left for the request itself; a moment later there is.
                if reply.status == 429 {
                    continue;
                }
                for part in reply.expect(200).as_array().expect("a list") {
                    if part[0] == 429 {
                        break 'asked part[1].clone();
                    }
                    let_through += 1;
                }
            }
            panic!("none of {let_through} is refused");
        };
        assert!(let_through >= 150, "{let_through}");
        assert_eq!(refused["code"], "too_many_requests");
        assert!(refused["retry_after_seconds"].is_u64());
        let ben = app.sign_up("ben@example.com").await;
        assert_eq!(told(&ben, &json!([["budget/get", {}]])).await[0].0, 200);
    })
    .await;
}
