//! Whoever loses access while a reply goes on gets no more of it: streams, exports, waiting calls.

use std::time::{Duration, Instant};

use app::model::account::Role;
use axum::body::Body;
use axum::http::Method;
use futures_util::StreamExt;
use parallax::http::door::DoorLimits;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{Served, Visitor};
use crate::raw_server::{RawServer, response};
use crate::support::{Caller, PASSWORD, Setup, TestApp, with_sqlite};

/// Far longer than a run takes once its questions are answered.
const PATIENCE: Duration = Duration::from_secs(30);
/// What was looked up about a caller counts for less than this.
const OLD_LOOK: Duration = Duration::from_millis(2_100);
/// Within this time the stream of somebody who lost access ends.
const SOON: Duration = Duration::from_secs(5);
/// Streams of a user.
const STREAMS: usize = 10;

async fn watch(served: &Served, run: i64, header: &str) -> (Visitor, String) {
    let mut visitor = served.connect().await;
    let request = format!(
        "GET /api/runs/{run}/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         {header}\r\n\r\n"
    );
    visitor.say(&request).await;
    let head = visitor.piece().await;
    (visitor, head)
}

/// A token of its own; the header that shows it, and its id.
async fn token(who: &Caller<'_>) -> (String, i64) {
    let made = who
        .post("/tokens", &json!({"name": "watch", "scope": "read"}))
        .await
        .expect(201);
    let secret = made["secret"].as_str().expect("a secret");
    let id = made["token"]["id"].as_i64().expect("an id");
    (format!("authorization: Bearer {secret}"), id)
}

async fn start(who: &Caller<'_>, project: i64) -> i64 {
    let path = format!("/projects/{project}/analyze");
    let started = who.post(&path, &json!({})).await.expect(202);
    started["run_id"].as_i64().expect("an id")
}

/// A provider that answers no question until the test says so. Then it refuses the key of each.
struct Waiting {
    go: CancellationToken,
    server: RawServer,
}

impl Waiting {
    async fn start() -> Self {
        let go = CancellationToken::new();
        let told = go.clone();
        let server = RawServer::start(move |mut caller| {
            let told = told.clone();
            async move {
                told.cancelled().await;
                caller.write(&response(401, "", b"{}")).await;
            }
        })
        .await;
        Self { go, server }
    }

    /// Gives the caller's workspace a key for it.
    async fn key_for(&self, who: &Caller<'_>) {
        let key = json!({"openai_api_key": "sk-0123456789", "openai_base_url": self.server.origin});
        who.put("/api-keys", &key).await.expect(200);
    }
}

/// Lets time pass for everything in this process that waits or measures, without waiting.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Waits until the run is over: the host must not be left with work.
async fn wait_until_run_is_over(who: &Caller<'_>, project: i64, run: i64) {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let path = format!("/projects/{project}/runs/{run}");
        if who.get(&path).await.expect(200)["run"]["finished_at"].is_string() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the run does not end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_are_counted_and_end_with_the_right_to_them() {
    let setup = Setup {
        requests_per_minute: 10_000,
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let served = Served::start(DoorLimits::default(), app.router.clone()).await;
        let ana = app.admin().await;
        let provider = Waiting::start().await;
        provider.key_for(&ana).await;
        let project = ana.make_billed_project("Watch").await;
        let run = start(&ana, project).await;

        let (header, id) = token(&ana).await;
        let mut streams = Vec::new();
        for _ in 0..STREAMS {
            let (stream, head) = watch(&served, run, &header).await;
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            streams.push(stream);
        }
        let (_, refused) = watch(&served, run, &header).await;
        assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
        assert!(refused.contains("At most 10 streams"), "{refused}");
        let rest = ana
            .get(&format!("/projects/{project}/runs/{run}/events"))
            .await;
        assert_eq!(rest.problem(429)["code"], "too_many_requests");

        ana.delete(&format!("/tokens/{id}")).await.expect(200);
        let begun = Instant::now();
        for stream in &mut streams {
            stream.rest().await;
        }
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());

        // Those who went have made room; and a session ends like a token.
        let session = sign_in(app, "admin@example.com").await;
        let signing_out = async {
            let one = app.nobody().with("cookie", &session);
            one.call("accounts/sign-out", &json!({})).await.expect(200);
        };
        ends_after(&served, run, &session, signing_out).await;

        let workspace = ana.workspace().await;
        app.member("ben@example.com", workspace, Role::Viewer).await;
        let session = sign_in(app, "ben@example.com").await;
        let ben = app.nobody().with("cookie", &session);
        let chosen = json!({"workspace_id": workspace});
        ben.call("accounts/choose-workspace", &chosen)
            .await
            .expect(200);
        let removal = format!(
            "DELETE FROM workspace_members WHERE workspace_id = {workspace} \
             AND user_id = (SELECT id FROM users WHERE email = 'ben@example.com')"
        );
        ends_after(&served, run, &session, app.execute(&removal)).await;
        let going_on = format!(
            "SELECT COUNT(*) FROM llm_monitoring_analysis_runs \
             WHERE id = {run} AND finished_at IS NULL"
        );
        assert_eq!(
            app.number(&going_on).await,
            1,
            "the run is not what ended them"
        );

        let (other_project, other_run) = waiting_ends(app, &ana).await;
        provider.go.cancel();
        wait_until_run_is_over(&ana, other_project, other_run).await;
        wait_until_run_is_over(&ana, project, run).await;
        served.stop().await;
    })
    .await;
}

/// A session of its own; its cookie.
async fn sign_in(app: &TestApp, email: &str) -> String {
    let draft = json!({"draft": {"email": email, "password": PASSWORD}});
    app.nobody()
        .call("accounts/sign-in", &draft)
        .await
        .session_cookie()
}

/// Watches a run by a session, and asserts that the stream ends soon after something happened.
async fn ends_after(served: &Served, run: i64, session: &str, event: impl Future<Output = ()>) {
    let (mut stream, head) = watch(served, run, &format!("cookie: {session}")).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    event.await;
    let begun = Instant::now();
    stream.rest().await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

/// `analyze?wait=true` of a token that is revoked meanwhile. Gives the project and its run, which
/// goes on.
async fn waiting_ends(app: &TestApp, ana: &Caller<'_>) -> (i64, i64) {
    let project = ana.make_billed_project("Wait").await;
    let made = ana
        .post("/tokens", &json!({"name": "wait", "scope": "write"}))
        .await
        .expect(201);
    let bearer = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    let program = app.nobody().with("authorization", &bearer);
    let path = format!("/projects/{project}/analyze?wait=true");
    let revoke = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        ana.delete(&format!("/tokens/{}", made["token"]["id"]))
            .await
            .expect(200);
        Instant::now()
    };
    let nothing = json!({});
    let (waited, revoked) = tokio::join!(program.post(&path, &nothing), revoke);
    waited.problem(401);
    assert!(revoked.elapsed() < SOON, "{:?}", revoked.elapsed());
    let listed = ana
        .get(&format!("/projects/{project}/runs"))
        .await
        .expect(200);
    let run = listed["runs"][0]["id"].as_i64().expect("an id");
    (project, run)
}

#[tokio::test]
async fn an_export_breaks_off_within_a_page_that_is_read_slowly() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        // All answers together are less than a page, and many pieces.
        let long = "UPDATE llm_monitoring_results SET full_response = hex(zeroblob(250000))";
        app.execute(long).await;
        let (header, id) = token(&ana).await;
        let bearer = header.split_once(": ").expect("a header").1;
        let program = app.nobody().with("authorization", bearer);
        let path = format!("/api/llm-monitoring/projects/{project}/export/answers");
        let request = program.request(Method::GET, &path);
        let response = app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a response");
        let mut parts = response.into_body().into_data_stream();
        let mut read = 0;
        for _ in 0..3 {
            read += parts.next().await.expect("a piece").expect("written").len();
        }
        assert!(read < 200_000, "{read} bytes in three pieces");
        ana.delete(&format!("/tokens/{id}")).await.expect(200);
        pass(OLD_LOOK).await;
        let next = parts.next().await.expect("an end");
        assert!(next.is_err(), "{} bytes more", next.expect("bytes").len());
    })
    .await;
}

#[tokio::test]
async fn an_export_breaks_off_where_its_token_is_revoked() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        let made = ana
            .post("/tokens", &json!({"name": "file", "scope": "read"}))
            .await
            .expect(201);
        let bearer = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
        let program = app.nobody().with("authorization", &bearer);
        for name in [
            "answers",
            "findings",
            "citations",
            "snapshots",
            "ledger",
            "queries",
        ] {
            let path = format!("/api/llm-monitoring/projects/{project}/export/{name}");
            let request = program.request(Method::GET, &path);
            let response = app
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("a response");
            assert_eq!(response.status(), 200, "{name}");
            let mut parts = response.into_body().into_data_stream();
            parts.next().await.expect("a heading").expect("written");
            let ended = "UPDATE api_tokens SET revoked_at = created_at WHERE name = 'file'";
            app.execute(ended).await;
            pass(OLD_LOOK).await;
            // The first piece after a look: the caller is looked up where the last look is old.
            let mut broke = false;
            while let Some(part) = parts.next().await {
                broke |= part.is_err();
            }
            assert!(broke, "{name}: nobody takes a part for the whole");
            app.execute("UPDATE api_tokens SET revoked_at = NULL WHERE name = 'file'")
                .await;
        }
        let whole = program
            .send(
                Method::GET,
                &format!("/api/llm-monitoring/projects/{project}/export/answers"),
                Body::empty(),
            )
            .await;
        assert_eq!(whole.status, 200);
    })
    .await;
}
