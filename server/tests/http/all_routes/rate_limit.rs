//! Requests a minute: of a user's programs, of a browser, of an address.
//!
//! Buckets fill while a slow machine sends: counts have room for that.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::support::{Reply, Setup, with_sqlite};

const fn limited(requests_per_minute: u32) -> Setup {
    Setup {
        requests_per_minute,
        ..Setup::DEFAULT
    }
}

/// How many requests are let through until one is refused, and that refusal.
async fn until_refused(send: impl AsyncFn() -> Reply, most: u32) -> (u32, Reply) {
    for count in 0..most {
        let reply = send().await;
        if reply.status == 429 {
            let wait: u64 = reply.header("retry-after").parse().expect("seconds");
            assert!((1..=60).contains(&wait), "{wait}");
            assert_eq!(reply.header("ratelimit-remaining"), "0");
            assert_eq!(reply.json()["code"], "too_many_requests");
            return (count, reply);
        }
    }
    panic!("none of {most} is refused");
}

#[tokio::test]
async fn a_token_has_a_hundred_requests_a_minute_and_is_told_how_many_are_left() {
    with_sqlite(limited(100), async |app| {
        let ana = app.admin().await;
        let first = ana.program().await;
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
        // The browser has more.
        for _ in 0..110 {
            ana.get("/budget").await.expect(200);
        }
    })
    .await;
}

/// Another token is no other person, and a call of the browser by a program is a request too.
#[tokio::test]
async fn all_tokens_of_a_user_draw_from_one_bucket_wherever_they_are_shown() {
    with_sqlite(limited(3), async |app| {
        let ana = app.admin().await;
        let (first, second) = (ana.program().await, ana.program().await);
        first.get("/budget").await.expect(200);
        second.get("/budget").await.expect(200);
        let call = first.call("budget/get", &json!({})).await;
        assert_eq!(
            (call.status.as_u16(), call.header("ratelimit-limit")),
            (200, "3")
        );
        let third = ana.program().await;
        for program in [first, second, third] {
            let (count, _) = until_refused(async || program.get("/budget").await, 3).await;
            assert!(count < 2, "{count}");
            let call = async || program.call("budget/get", &json!({})).await;
            let (count, refused) = until_refused(call, 3).await;
            assert!(count < 2, "{count}");
            // In the shape that calls have.
            assert!(refused.json()["message"].is_string());
        }
        let ben = app.sign_up("ben@example.com").await.program().await;
        ben.get("/budget").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_browser_has_room_for_a_person_and_no_more() {
    with_sqlite(limited(100), async |app| {
        let ana = app.admin().await;
        let first = ana.call("budget/get", &json!({})).await;
        assert_eq!(first.header("ratelimit-limit"), "600");
        let spanish = ana.with("accept-language", "es");
        let call = async || spanish.call("budget/get", &json!({})).await;
        let (count, refused) = until_refused(call, 1_500).await;
        assert!(count >= 190, "{count}");
        assert!(
            refused.json()["message"]
                .as_str()
                .is_some_and(|message| message.starts_with("Demasiadas peticiones"))
        );
        // Its REST is the same person's; others have theirs.
        let (count, _) = until_refused(async || ana.get("/budget").await, 150).await;
        assert!(count < 100, "{count}");
        let ben = app.sign_up("ben@example.com").await;
        ben.get("/budget").await.expect(200);
        // Whoever is not signed in is known by the address.
        let visit = async || app.nobody().call("accounts/session", &json!({})).await;
        let (count, _) = until_refused(visit, 1_500).await;
        assert!(count >= 150, "{count}");
    })
    .await;
}

#[tokio::test]
async fn an_address_has_a_hundred_requests_with_wrong_tokens_or_none() {
    with_sqlite(limited(3), async |app| {
        let guesser = app.nobody().with("authorization", "Bearer plx_guess");
        let guess = async || {
            guesser.get("/budget").await;
            guesser.call("projects/list", &json!({})).await
        };
        let (pairs, _) = until_refused(guess, 200).await;
        assert!((45..100).contains(&pairs), "{pairs}");
        let (count, _) = until_refused(async || app.nobody().get("/projects").await, 50).await;
        assert!(count < 40, "{count}");
        // Whoever has a right one is not locked out by that.
        let ana = app.admin().await.program().await;
        ana.get("/budget").await.expect(200);
        // The document of REST is half a megabyte to be packed.
        let reader = app.nobody().at_address("203.0.113.7");
        let read = async || {
            reader
                .send(Method::GET, "/api/openapi.json", Body::empty())
                .await
        };
        let (count, _) = until_refused(read, 150).await;
        assert!((100..150).contains(&count), "{count}");
        // Who watches the host is not counted.
        for _ in 0..110 {
            let reply = app.nobody().get("/health").await;
            assert_eq!(
                (reply.status.as_u16(), reply.header("ratelimit-limit")),
                (200, "")
            );
        }
    })
    .await;
}
