//! What the head of a request says: ids, hosts, credentials.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::support::{Setup, with_sqlite};

#[tokio::test]
async fn an_id_is_kept_where_it_is_short_and_plain() {
    with_sqlite(Setup::default(), async |app| {
        let id_of = async |given: &str| {
            let caller = app.nobody().with("x-request-id", given);
            caller
                .get("/health")
                .await
                .header("x-request-id")
                .to_owned()
        };
        assert_eq!(id_of("trace-0190.a_B").await, "trace-0190.a_B");
        let longest = "x".repeat(64);
        assert_eq!(id_of(&longest).await, longest);
        for odd in [&"x".repeat(65), &"x".repeat(3_000), "two words", "a\"b", ""] {
            let id = id_of(odd).await;
            assert_ne!(&id, odd);
            assert!((1..=64).contains(&id.len()), "{id}");
        }
        let two = app
            .nobody()
            .with("x-request-id", "a")
            .with("x-request-id", "b");
        let id = two.get("/health").await.header("x-request-id").to_owned();
        assert!(id != "a" && id != "b", "{id}");
    })
    .await;
}

#[tokio::test]
async fn two_hosts_are_refused() {
    with_sqlite(Setup::default(), async |app| {
        let once = app.nobody().with("host", "localhost");
        let twice = once.with("host", "localhost");
        twice.get("/health").await.problem(400);
        for path in ["/", "/api/fn/accounts/session"] {
            let reply = twice.send(Method::POST, path, Body::empty()).await;
            assert_eq!(reply.status, 400, "{path}");
        }
        app.nobody().get("/health").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn what_a_proxy_asks_for_hides_neither_cookie_nor_token() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        for header in [
            "Basic YTpi",
            "basic YTpi",
            "Digest username=\"a\"",
            "Negotiate YQ==",
        ] {
            ana.with("authorization", header)
                .get("/projects")
                .await
                .expect(200);
            let nobody = app.nobody().with("authorization", header);
            nobody.get("/projects").await.problem(401);
            nobody.get("/health").await.expect(200);
        }
        let token = ana
            .call("accounts/create-token", &json!({"name": "test"}))
            .await
            .expect(200);
        let token = token["token"].as_str().expect("a token");
        for scheme in ["bearer", "BEARER", "Bearer"] {
            let program = app
                .nobody()
                .with("authorization", &format!("{scheme} {token}"));
            program.get("/projects").await.expect(200);
            let proxied = app.nobody().with("authorization", "Basic YTpi");
            let program = proxied.with("authorization", &format!("{scheme} {token}"));
            program.get("/projects").await.expect(200);
        }
        // A token that is wrong does not fall back to a cookie.
        for wrong in ["Bearer plx_0", "bearer plx_0", "Bearer", token] {
            ana.with("authorization", wrong)
                .get("/projects")
                .await
                .problem(401);
        }
    })
    .await;
}
