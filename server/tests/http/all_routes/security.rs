//! Headers, cookies, and requests from other sites.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::support::{PASSWORD, Setup, rest_project, with_sqlite};

#[tokio::test]
async fn every_response_carries_the_same_headers() {
    with_sqlite(Setup::default(), async |app| {
        for path in [
            "/",
            "/api/llm-monitoring/health",
            "/api/nothing",
            "/missing.js",
            "/projects/1",
        ] {
            let reply = app
                .nobody()
                .with("accept", "text/html")
                .send(Method::GET, path, Body::empty())
                .await;
            let policy = reply.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"),
                "{path}: {policy}"
            );
            let scripts = policy
                .split(';')
                .find(|part| part.contains("script-src"))
                .expect("scripts");
            assert!(
                !scripts.contains("unsafe-inline") && !scripts.contains("'unsafe-eval'"),
                "{scripts}"
            );
            for part in [
                "object-src 'none'",
                "base-uri 'self'",
                "frame-ancestors 'none'",
                "form-action 'self'",
            ] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
            assert!(!reply.header("permissions-policy").is_empty(), "{path}");
            assert!(!reply.header("x-request-id").is_empty(), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_session_cookie_is_kept_from_scripts_and_other_sites() {
    with_sqlite(Setup::default(), async |app| {
        let draft = json!({"draft": {"email": "ana@example.com", "password": PASSWORD, "invitation": null}});
        let reply = app.nobody().call("accounts/sign-up", &draft).await;
        reply.expect(200);
        let plain = reply.header("set-cookie");
        for part in ["parallax_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
            assert!(plain.contains(part), "{plain}");
        }
        assert!(!plain.contains("Secure"), "over plain HTTP the browser would drop it: {plain}");
        assert_eq!(reply.header("cache-control"), "no-store");

        let value = plain.split(['=', ';']).nth(1).expect("a value");
        let stored = app.number(&format!("SELECT COUNT(*) FROM sessions WHERE token_hash = '{value}'")).await;
        assert_eq!(stored, 0, "only a hash is stored");
    })
    .await;
}

#[tokio::test]
async fn other_sites_change_nothing() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://elsewhere.example"),
            ("origin", "null"),
        ] {
            let caller = ana.with(name, value);
            let refused = caller
                .post("/projects", &rest_project("Watch"))
                .await
                .problem(403);
            assert_eq!(
                refused["title"],
                "This request came from another site and was refused. If that is this \
                 instance's own address, its operator must set PARALLAX_URL to it."
            );
            caller
                .put("/budget", &json!({"monthly_budget_usd": 1}))
                .await
                .problem(403);
            let call = caller
                .call("accounts/create-token", &json!({"name": "stolen"}))
                .await
                .expect(403);
            assert_eq!(call["code"], "forbidden");
            assert!(
                call["message"]
                    .as_str()
                    .is_some_and(|message| message.contains("another site"))
            );
        }
        assert_eq!(
            (
                app.count("llm_monitoring_projects").await,
                app.count("api_tokens").await
            ),
            (0, 0)
        );
        let reading = ana
            .with("sec-fetch-site", "cross-site")
            .get("/projects")
            .await;
        reading.expect(200);

        let own = ana.with("origin", "http://localhost");
        own.post("/projects", &rest_project("Watch"))
            .await
            .expect(201);
        ana.with("sec-fetch-site", "same-origin")
            .post("/projects", &rest_project("Other"))
            .await
            .expect(201);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_changed_by_looking() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let got = ana
            .send(Method::GET, "/api/fn/invitations/list", Body::empty())
            .await;
        assert_eq!(got.status, 405);
        assert_eq!(got.json()["code"], "bad_request");
        assert_eq!(app.count("invitations").await, 0);
        let form = ana.with("content-type", "application/x-www-form-urlencoded");
        let posted = form
            .send(
                Method::POST,
                "/api/fn/accounts/create-token",
                Body::from("name=x"),
            )
            .await;
        assert!(posted.status.is_client_error(), "{}", posted.status);
        assert_eq!(app.count("api_tokens").await, 0);
    })
    .await;
}
