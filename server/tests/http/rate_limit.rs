//! Requests a minute and token.

use serde_json::json;

use crate::support::{Setup, with_sqlite};

#[tokio::test]
async fn a_token_has_a_hundred_requests_a_minute_and_a_session_has_no_limit() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let (first, second) = (ana.program().await, ana.program().await);
        // A slow machine takes long enough for some of the bucket to come back meanwhile.
        let mut let_through = 0;
        let refused = loop {
            let reply = first.with("accept-language", "es").get("/budget").await;
            assert_eq!(reply.header("ratelimit-limit"), "100");
            let reset: u64 = reply.header("ratelimit-reset").parse().expect("seconds");
            assert!((1..=60).contains(&reset), "{reset}");
            if reply.status != 200 {
                break reply;
            }
            let left: u32 = reply
                .header("ratelimit-remaining")
                .parse()
                .expect("a number");
            let_through += 1;
            assert!(left + let_through >= 100, "{left} after {let_through}");
            assert!(let_through < 200, "nothing is refused");
        };
        assert!(let_through >= 100, "{let_through}");
        let problem = refused.problem(429);
        assert_eq!(problem["code"], "too_many_requests");
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| title.starts_with("Demasiadas peticiones"))
        );
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(refused.header("ratelimit-remaining"), "0");
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
async fn tokens_have_the_configured_limit_and_addresses_without_one_a_hundred() {
    let setup = Setup {
        requests_per_minute: 3,
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let ana = app.sign_up("ana@example.com").await.program().await;
        for _ in 0..3 {
            ana.get("/budget").await.expect(200);
        }
        ana.get("/budget").await.problem(429);
        let nobody = app.nobody();
        let mut let_through = 0;
        while nobody.get("/budget").await.status == 401 {
            let_through += 1;
            assert!(let_through < 200, "nothing is refused");
        }
        assert!(let_through >= 100, "{let_through}");
        // Whoever watches over the host is told all the same.
        nobody.get("/health").await.expect(200);
    })
    .await;
}
