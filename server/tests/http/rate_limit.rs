//! Requests a minute and token.

use serde_json::json;

use crate::support::{Setup, with_sqlite};

#[tokio::test]
async fn a_token_has_a_hundred_requests_a_minute_and_a_session_has_no_limit() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let (first, second) = (ana.program().await, ana.program().await);
        for _ in 0..100 {
            let reply = first.get("/budget").await;
            assert_eq!((reply.status.as_u16(), reply.header("x-ratelimit-limit")), (200, "100"));
        }
        let refused = first.with("accept-language", "es").get("/budget").await;
        let problem = refused.problem(429);
        assert_eq!(problem["code"], "too_many_requests");
        assert!(problem["title"].as_str().is_some_and(|title| title.starts_with("Demasiadas peticiones")));
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        second.get("/budget").await.expect(200);

        for _ in 0..110 {
            ana.get("/budget").await.expect(200);
        }
        // The browser's calls are not REST, whoever makes them.
        for _ in 0..110 {
            first.call("budget/get", &json!({})).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn the_limit_is_the_configured_one_also_for_nobody() {
    let setup = Setup { requests_per_minute: 3, ..Setup::default() };
    with_sqlite(setup, async |app| {
        for _ in 0..3 {
            app.nobody().get("/health").await.expect(200);
        }
        app.nobody().get("/health").await.problem(429);
    })
    .await;
}
