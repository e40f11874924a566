//! Who may not is told so before a byte of a body, a key of a request or an argument is looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::model::account::Role;
use axum::body::Body;
use axum::http::Method;
use futures_util::{StreamExt, stream};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};

use crate::support::{Caller, Reply, Setup, TestApp, on_both_databases, rest_project, with_sqlite};

const KIBIBYTE: usize = 1024;
const MEBIBYTE: usize = 1024 * KIBIBYTE;

/// A body of unknown length, in pieces of 64 KiB, and how many bytes of it were taken.
fn watched(pieces: usize) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let piece = move |_| {
        counter.fetch_add(64 * KIBIBYTE, Ordering::SeqCst);
        Ok::<_, std::io::Error>(vec![b' '; 64 * KIBIBYTE])
    };
    (
        Body::from_stream(stream::iter((0..pieces).map(piece))),
        taken,
    )
}

/// A program with a token of a scope.
async fn program<'a>(app: &'a TestApp, who: &Caller<'a>, scope: &str) -> Caller<'a> {
    let made = who
        .post("/tokens", &json!({"name": scope, "scope": scope}))
        .await
        .expect(201);
    let token = made["secret"].as_str().expect("a token");
    app.nobody()
        .with("authorization", &format!("Bearer {token}"))
}

/// What changes something, of the document; ids are 1.
async fn changes(who: &Caller<'_>) -> Vec<(Method, String)> {
    let document = who
        .send(Method::GET, "/api/openapi.json", Body::empty())
        .await
        .expect(200);
    let mut changes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let is_open = operation["security"] == json!([]);
            if method == "get" || is_open {
                continue;
            }
            let parts = path.split(['{', '}']).enumerate();
            let path: String = parts
                .map(|(index, part)| if index % 2 == 1 { "1" } else { part })
                .collect();
            changes.push((method.to_uppercase().parse().expect("a method"), path));
        }
    }
    changes
}

async fn send_watched(who: &Caller<'_>, method: &Method, path: &str) -> (Reply, usize) {
    let (body, taken) = watched(1);
    let reply = who.send(method.clone(), path, body).await;
    (reply, taken.load(Ordering::SeqCst))
}

/// The next route that reads before it asks shows here: all are tried, with and without a key.
#[tokio::test]
async fn nobodys_body_is_read_who_may_not_make_the_request() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let workspace = admin.workspace().await;
        let ben = app.sign_up("ben@example.com").await;
        let callers = [
            ("nobody", app.nobody()),
            ("a read token", program(app, &admin, "read").await),
            ("a write token", program(app, &admin, "write").await),
            ("an owner", ben.clone()),
            ("an owner's read token", program(app, &ben, "read").await),
            (
                "a viewer",
                app.member("v@example.com", workspace, Role::Viewer).await,
            ),
            (
                "an editor",
                app.member("e@example.com", workspace, Role::Editor).await,
            ),
        ];
        let changes = changes(&admin).await;
        assert!(changes.len() > 30, "{}", changes.len());
        let mut refused = 0;
        for (name, caller) in &callers {
            for (method, path) in &changes {
                for caller in [caller.clone(), caller.with("idempotency-key", path)] {
                    let (reply, taken) = send_watched(&caller, method, path).await;
                    let told = format!("{method} {path} by {name}: {}", reply.status);
                    match *name {
                        "nobody" => assert_eq!(reply.status, 401, "{told}"),
                        name if name.ends_with("read token") => {
                            assert_eq!(reply.status, 403, "{told}");
                        }
                        // Tokens are their own.
                        "a viewer" if !path.contains("/tokens") => {
                            assert_eq!(reply.status, 403, "{told}");
                        }
                        _ => {}
                    }
                    if matches!(reply.status.as_u16(), 401 | 403) {
                        assert_eq!(taken, 0, "{told}");
                        refused += 1;
                    }
                }
            }
        }
        assert!(refused > 300, "{refused}");
        assert_eq!(app.count("rest_replies").await, 0, "no key was noted");
    })
    .await;
}

/// Files are for two routes of REST and one call, whatever else their addresses end in.
#[tokio::test]
async fn large_bodies_are_read_where_a_file_belongs_and_nowhere_else() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let read = program(app, &admin, "read").await;
        let file = "/api/llm-monitoring/projects/1/queries/csv";
        for (caller, path, status, most) in [
            (&app.nobody(), "/api/fn/x/queries/csv", 413, 128 * KIBIBYTE),
            (&ben, "/api/fn/x/queries/csv", 413, MEBIBYTE + 64 * KIBIBYTE),
            (
                &app.nobody(),
                "/api/fn/models/import-preview",
                401,
                128 * KIBIBYTE,
            ),
            (
                &ben,
                "/api/fn/models/import-preview",
                403,
                MEBIBYTE + 64 * KIBIBYTE,
            ),
            (&app.nobody(), file, 401, 0),
            (&read, file, 403, 0),
            (&ben, "/api/llm-monitoring/prices/import", 403, 0),
            (
                &app.nobody(),
                "/api/fn/accounts/sign-in",
                413,
                128 * KIBIBYTE,
            ),
            (
                &app.nobody(),
                "/api/llm-monitoring/models/approve",
                413,
                128 * KIBIBYTE,
            ),
            (&app.nobody(), "/somewhere/queries/csv", 405, 0),
        ] {
            let (body, taken) = watched(31 * 16);
            let kind = if path.contains("/fn/") {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            let caller = caller.with("content-type", kind);
            let reply = caller.send(Method::POST, path, body).await;
            let taken = taken.load(Ordering::SeqCst);
            assert_eq!(reply.status, status, "{path}");
            assert!(taken <= most, "{path}: {taken} bytes were read");
        }
    })
    .await;
}

/// Every body that is being sent has its room; there is only so much.
#[tokio::test]
async fn bodies_of_all_requests_together_are_bounded() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        let path = format!("/api/llm-monitoring/projects/{project}/queries/csv");
        let with_file = ana.with("content-type", "text/csv");
        let never = || stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let stalled = || {
            let most = stream::iter([Ok(vec![b'x'; 31 * 1024 * KIBIBYTE])]);
            with_file.send(Method::POST, &path, Body::from_stream(most.chain(never())))
        };
        // Who only promises takes nobody's room.
        let promising = with_file.with("content-length", "33554432");
        let promised: Vec<_> = (0..5)
            .map(|_| Box::pin(promising.send(Method::POST, &path, Body::from_stream(never()))))
            .collect();
        let mut promised = futures_util::future::join_all(promised);
        let wait = std::time::Duration::from_millis(200);
        assert!(tokio::time::timeout(wait, &mut promised).await.is_err());
        let (mut first, mut second) = (Box::pin(stalled()), Box::pin(stalled()));
        assert!(tokio::time::timeout(wait, &mut first).await.is_err());
        assert!(tokio::time::timeout(wait, &mut second).await.is_err());
        let refused = stalled().await;
        assert_eq!(refused.problem(503)["code"], "unavailable");
        assert!(!refused.header("retry-after").is_empty());
        // What is small needs no room, and others have theirs.
        ana.get("/projects").await.expect(200);
        ana.post("/suggest", &json!({"brand_name": "Kipu"}))
            .await
            .expect(200);
        let ben = app.sign_up("ben@example.com").await;
        let mut large = rest_project("Own");
        large["padding"] = "x".repeat(512 * KIBIBYTE).into();
        ben.post("/projects", &large).await.expect(201);
        drop(first);
        let third = tokio::time::timeout(wait, stalled()).await;
        assert!(third.is_err(), "there is room again");
    })
    .await;
}

on_both_databases!(a_key_is_no_way_around_a_right);

fn once<'a>(caller: &Caller<'a>) -> Caller<'a> {
    caller.with("idempotency-key", "kt")
}

/// The reply that a wider token or role got is not replayed to a narrower one.
async fn a_key_is_no_way_around_a_right(app: &TestApp) {
    let ana = app.admin().await;
    let admin = program(app, &ana, "admin").await;
    let write = program(app, &ana, "write").await;
    let read = program(app, &ana, "read").await;
    let body = rest_project("Watch");
    once(&admin).post("/projects", &body).await.expect(201);
    once(&read).post("/projects", &body).await.problem(403);
    // Another token of the same user has keys of its own, and so has the browser.
    once(&write).post("/projects", &body).await.problem(422);
    once(&ana).post("/projects", &body).await.problem(422);
    let again = once(&admin).post("/projects", &body).await;
    again.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");

    let workspace = ana.workspace().await;
    let eve = app.member("eve@example.com", workspace, Role::Editor).await;
    let second = rest_project("Second");
    let hers = eve.with("idempotency-key", "eve");
    hers.post("/projects", &second).await.expect(201);
    app.execute("UPDATE workspace_members SET role = 'viewer' WHERE role = 'editor'")
        .await;
    hers.post("/projects", &second).await.problem(403);
    app.execute("UPDATE workspace_members SET role = 'owner' WHERE role = 'viewer'")
        .await;
    let other_right = hers.post("/projects", &second).await;
    assert_eq!(other_right.problem(422)["code"], "invalid");
}

fn calls() -> Vec<&'static str> {
    // The functions are registered by the linker; this names the crate that has them.
    let _ = std::any::type_name::<app::api::projects::ProjectCall>();
    server_fn_paths().map(|(path, _)| path).collect()
}

#[tokio::test]
async fn arguments_that_cannot_be_read_are_400_for_everybody() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let workspace = admin.workspace().await;
        let callers = [
            admin.clone(),
            app.member("v@example.com", workspace, Role::Viewer).await,
            program(app, &admin, "read").await,
            app.nobody(),
        ];
        for caller in &callers {
            let told = caller.call("runs/get", &json!({"run_id": "x"})).await;
            assert_eq!(told.expect(400)["code"], "bad_request");
            for path in calls() {
                for wrong in ["[", "7"] {
                    let told = caller.send(Method::POST, path, Body::from(wrong)).await;
                    assert_eq!(told.expect(400)["code"], "bad_request", "{path}: {wrong}");
                }
            }
        }
        let spanish = app.nobody().with("accept-language", "es");
        let told = spanish.call("runs/get", &json!({})).await.expect(400);
        assert!(
            told["message"]
                .as_str()
                .is_some_and(|text| text.starts_with("La petición")),
            "{told}"
        );
        // What can be read is another matter.
        let told = app.nobody().call("runs/get", &json!({"run_id": 1})).await;
        told.expect(401);
    })
    .await;
}

#[tokio::test]
async fn calls_take_json_and_nothing_else() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await.program().await;
        let project = json!({"draft": {"email": "x@example.com"}}).to_string();
        for path in calls() {
            for kind in [
                "",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "text/json",
            ] {
                let (caller, body) = (ana.with("content-type", kind), Body::from(project.clone()));
                let told: Value = caller.send(Method::POST, path, body).await.expect(415);
                assert_eq!(told["code"], "bad_request", "{path} as {kind}");
            }
        }
        for kind in ["application/json", "Application/JSON; charset=utf-8"] {
            let caller = ana.with("content-type", kind);
            caller.call("projects/list", &json!({})).await.expect(200);
        }
    })
    .await;
}
