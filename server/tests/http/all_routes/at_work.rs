//! How many requests and files of one workspace are under way at once.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::json;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::raw_server::RawServer;
use crate::support::{Setup, with_sqlite};

/// Long enough for a request that nothing holds up, on a machine that is busy.
const SOON: Duration = Duration::from_secs(5);
/// Short, as what is held up stays so.
const NOT_SOON: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_workspace_has_eight_requests_at_work_and_others_have_theirs() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let silent =
            RawServer::start(|mut caller| async move { caller.wait_for_end().await }).await;
        let key = json!({"openai_api_key": "sk-0123456789", "openai_base_url": silent.origin});
        ana.put("/api-keys", &key).await.expect(200);

        // In REST and in the browser's calls: a place is kept for as long as the work lasts.
        let tried = json!({"provider": "openai"});
        let in_rest = || ana.post("/api-keys/test", &tried);
        let at_work = join_all((0..8).map(|_| in_rest()));
        let whole = async {
            tokio::time::sleep(NOT_SOON).await;
            assert!(
                timeout(NOT_SOON, ana.get("/projects")).await.is_err(),
                "a ninth"
            );
            let call = json!({});
            let called = ana.call("projects/list", &call);
            assert!(
                timeout(NOT_SOON, called).await.is_err(),
                "a ninth by a call"
            );
            timeout(SOON, ben.get("/projects"))
                .await
                .expect("another workspace")
                .expect(200);
            timeout(SOON, app.nobody().get("/health"))
                .await
                .expect("nobody's")
                .expect(200);
        };
        tokio::select! {
            _ = at_work => panic!("the provider never answers"),
            () = whole => {}
        }
        timeout(SOON, ana.get("/projects"))
            .await
            .expect("a place again")
            .expect(200);

        // Who has not sent a body yet has no place, however long it lasts.
        let path = "/api/fn/projects/list";
        let slow = join_all((0..20).map(|_| {
            let never = stream::pending::<Result<Vec<u8>, std::io::Error>>();
            ana.send(Method::POST, path, Body::from_stream(never))
        }));
        let beside = async {
            tokio::time::sleep(NOT_SOON).await;
            timeout(SOON, ana.get("/projects"))
                .await
                .expect("a place")
                .expect(200);
        };
        tokio::select! {
            _ = slow => panic!("a body never came"),
            () = beside => {}
        }
    })
    .await;
}

#[tokio::test]
async fn files_that_are_being_read_are_few() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        let api = ana.program().await;
        let path = format!("/api/llm-monitoring/projects/{project}/export/answers");
        let open = async || {
            let request = api.request(Method::GET, &path);
            app.router
                .clone()
                .oneshot(request)
                .await
                .expect("a response")
        };
        let mut files = Vec::new();
        for _ in 0..10 {
            let file = open().await;
            assert_eq!(file.status(), StatusCode::OK);
            files.push(file);
        }
        let refused = api
            .get(&format!("/projects/{project}/export/findings"))
            .await;
        refused.problem(429);
        // One that is read to its end, and one that is given up, make room.
        let read = files.pop().expect("a file").into_body();
        let text = axum::body::to_bytes(read, usize::MAX)
            .await
            .expect("a file");
        assert!(!text.is_empty());
        drop(files.pop());
        for _ in 0..2 {
            files.push(open().await);
        }
        assert!(files.iter().all(|file| file.status() == StatusCode::OK));
        assert_eq!(open().await.status(), StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn replies_that_nobody_reads_have_room_and_no_more() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        let long = "UPDATE llm_monitoring_results SET full_response = hex(zeroblob(500000))";
        app.execute(long).await;
        let path = format!("/api/llm-monitoring/projects/{project}/results?limit=200");
        let mut held = Vec::new();
        let refused = loop {
            let request = ana.request(Method::GET, &path);
            let response = app
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("a response");
            if response.status() != StatusCode::OK {
                break response;
            }
            held.push(response);
            assert!(held.len() < 100, "a hundred replies are held");
        };
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
        assert!(held.len() > 4, "{} replies", held.len());
        // Small ones, and other people's, need none of it; and what is read makes room.
        ana.get("/projects").await.expect(200);
        ben.get("/projects").await.expect(200);
        held.clear();
        let whole = ana
            .get(&format!("/projects/{project}/results?limit=200"))
            .await;
        assert!(whole.body.len() > 1_000_000, "{} bytes", whole.body.len());
        whole.expect(200);
    })
    .await;
}
