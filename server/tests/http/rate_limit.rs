//! Requests a minute: of a user's programs, of a browser, of an address.

use serde_json::json;

use crate::support::{Setup, with_sqlite};

#[tokio::test]
async fn all_tokens_of_a_user_have_a_hundred_requests_a_minute_and_a_session_has_more() {
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
        // Another token is no other person, and the browser's calls are counted too.
        second.get("/budget").await.problem(429);
        let call = second.call("budget/get", &json!({})).await;
        assert_eq!(call.expect(429)["code"], "too_many_requests");
        assert!(!call.header("retry-after").is_empty());
        let third = ana.program().await;
        third.get("/budget").await.problem(429);
        let ben = app.sign_up("ben@example.com").await.program().await;
        ben.get("/budget").await.expect(200);

        for _ in 0..110 {
            ana.get("/budget").await.expect(200);
        }
    })
    .await;
}

/// Requests until one is refused; `send` gives its status.
async fn let_through(send: impl AsyncFn() -> u16, most: usize) -> usize {
    for count in 0..most {
        if send().await == 429 {
            return count;
        }
    }
    panic!("none of {most} is refused");
}

#[tokio::test]
async fn a_browser_has_room_for_a_person_and_no_more() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let first = ana.call("budget/get", &json!({})).await;
        assert_eq!(first.header("ratelimit-limit"), "600");
        let call = async || ana.call("budget/get", &json!({})).await.status.as_u16();
        let through = let_through(call, 1_500).await;
        assert!(through >= 199, "{through}");
        let refused = ana
            .with("accept-language", "es")
            .call("budget/get", &json!({}))
            .await;
        let told = refused.expect(429);
        assert!(
            told["message"]
                .as_str()
                .is_some_and(|message| message.starts_with("Demasiadas peticiones"))
        );
        // Its REST is the same person's; others have theirs.
        ana.get("/budget").await.problem(429);
        app.sign_up("ben@example.com")
            .await
            .get("/budget")
            .await
            .expect(200);
        // Whoever is not signed in is known by the address.
        let call = async || {
            let reply = app.nobody().call("accounts/session", &json!({})).await;
            reply.status.as_u16()
        };
        let through = let_through(call, 1_500).await;
        assert!(through >= 150, "{through}");
    })
    .await;
}

#[tokio::test]
async fn programs_have_the_configured_limit_and_addresses_without_one_a_hundred() {
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
        // Who guesses tokens is counted as one who shows none.
        let guesser = app.nobody().with("authorization", "Bearer plx_guess");
        let guess = async || {
            guesser.get("/budget").await;
            guesser
                .call("projects/list", &json!({}))
                .await
                .status
                .as_u16()
        };
        let pairs = let_through(guess, 200).await;
        assert!((45..100).contains(&pairs), "{pairs}");
        let refused = guesser.get("/budget").await;
        assert_eq!(refused.problem(429)["code"], "too_many_requests");
        assert!(!refused.header("retry-after").is_empty());
        let nobody = app.nobody();
        nobody.get("/projects").await.problem(429);
        // Who watches the host is not counted.
        for _ in 0..110 {
            nobody.get("/health").await.expect(200);
        }
        let reply = nobody.get("/health").await;
        assert_eq!(reply.header("ratelimit-limit"), "");
    })
    .await;
}
