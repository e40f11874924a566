//! Each kind of waiting has an end.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::Sse;
use axum::response::sse::Event;
use axum::routing::get as route;
use futures_util::{StreamExt, stream};
use parallax::http::door::DoorLimits;
use tokio::time::sleep;

use super::{HEALTH, PATIENCE, Served, get, post, short};
use crate::support::{Setup, with_sqlite};

#[test]
fn people_have_the_time_that_they_need() {
    let limits = DoorLimits::default();
    let seconds = [
        limits.head,
        limits.body_piece,
        limits.idle,
        limits.stall,
        limits.closing,
    ];
    let seconds = seconds.map(|time| time.as_secs());
    assert_eq!(seconds, [10, 30, 60, 30, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_no_head_is_closed() {
    with_sqlite(Setup::default(), async |app| {
        let served = Served::start(short(), app.router.clone()).await;
        let begun = Instant::now();
        assert_eq!(served.connect().await.rest().await, "");
        assert!(begun.elapsed() >= short().head);
        for start in ["G", "GET / HTTP/1.1\r\nX-A: ", "PRI * HTTP/2.0\r\n"] {
            let mut half = served.connect().await;
            half.say(start).await;
            assert_eq!(half.rest().await, "", "{start:?}");
        }
        let mut slow = served.connect().await;
        slow.say("GET / HTTP/1.1\r\nX-A: ").await;
        let answer = slow.say_until_closed("a", Duration::from_millis(50)).await;
        assert_eq!(answer, "", "however steadily it comes");
        served.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_half_a_body_is_told_and_closed() {
    with_sqlite(Setup::default(), async |app| {
        let served = Served::start(short(), app.router.clone()).await;
        let mut half = served.connect().await;
        half.say(&post(1_000)).await;
        half.say("{\"draft\":").await;
        let told = half.rest().await;
        assert!(told.starts_with("HTTP/1.1 408"), "{told}");
        assert!(
            told.contains("The request came too slowly. Send it again."),
            "{told}"
        );

        let mut slow = served.connect().await;
        slow.say(&post(1_000)).await;
        let begun = Instant::now();
        let told = slow.say_until_closed("a", Duration::from_millis(50)).await;
        assert!(told.starts_with("HTTP/1.1 408"), "{told}");
        assert!(
            begun.elapsed() < short().body_whole,
            "a byte now and then earns no time"
        );

        // What comes steadily has more time than what stands still.
        let piece = "a".repeat(400);
        let mut steady = served.connect().await;
        steady.say(&post(8 * piece.len())).await;
        let begun = Instant::now();
        for _ in 0..8 {
            sleep(Duration::from_millis(100)).await;
            assert!(steady.say(&piece).await);
        }
        assert!(begun.elapsed() > short().body_piece);
        let told = steady.reply().await;
        assert!(told.starts_with("HTTP/1.1 400"), "it was read: {told}");
        served.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    with_sqlite(Setup::default(), async |app| {
        let served = Served::start(short(), app.router.clone()).await;
        let mut visitor = served.connect().await;
        let begun = Instant::now();
        while begun.elapsed() < short().idle * 2 {
            visitor.say(&get(HEALTH)).await;
            assert!(visitor.reply().await.starts_with("HTTP/1.1 200"));
            sleep(short().idle / 4).await;
        }
        let last = Instant::now();
        assert_eq!(visitor.rest().await, "");
        assert!(last.elapsed() >= short().idle / 2);
        let mut half = served.connect().await;
        half.say(&get(HEALTH)).await;
        half.reply().await;
        half.say("GET / HTTP/1.1\r\nX-A: ").await;
        assert_eq!(
            half.say_until_closed("a", Duration::from_millis(50)).await,
            ""
        );
        served.stop().await;
    })
    .await;
}

/// Replies that are large, endless, or quiet for longer than a connection may be idle.
fn replies() -> Router {
    let endless =
        || async { Body::from_stream(stream::repeat(Ok::<_, Infallible>("x".repeat(65_536)))) };
    let quiet = || async {
        Sse::new(stream::iter(["first", "second"]).then(|word| async move {
            sleep(short().idle * 2).await;
            Ok::<_, axum::Error>(Event::default().data(word))
        }))
    };
    Router::new()
        .route("/large", route(|| async { vec![b'x'; 32 * 1024 * 1024] }))
        .route("/endless", route(endless))
        .route("/quiet", route(quiet))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_read_is_closed() {
    let served = Served::start(short(), replies()).await;
    for path in ["/large", "/endless"] {
        let mut visitor = served.connect().await;
        visitor.say(&get(path)).await;
        sleep(short().stall * 3).await;
        let begun = Instant::now();
        let heard = visitor.rest().await.len();
        assert!(heard < 16 * 1024 * 1024, "{path}: {heard}");
        assert!(begun.elapsed() < PATIENCE);
    }
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_stream_of_events_is_not_idle() {
    let served = Served::start(short(), replies()).await;
    let mut visitor = served.connect().await;
    visitor.say(&get("/quiet")).await;
    let mut heard = String::new();
    while !heard.contains("second") {
        let piece = visitor.piece().await;
        assert!(!piece.is_empty(), "{heard}");
        heard.push_str(&piece);
    }
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_is_seen_to_its_end() {
    let slow = || async {
        sleep(Duration::from_millis(300)).await;
        "done"
    };
    let for_ever = || async {
        std::future::pending::<()>().await;
        "never"
    };
    let router = Router::new()
        .route("/slow", route(slow))
        .route("/for-ever", route(for_ever));
    let served = Served::start(short(), router).await;
    let (mut idle, mut slow, mut stuck) = (
        served.connect().await,
        served.connect().await,
        served.connect().await,
    );
    slow.say(&get("/slow")).await;
    stuck.say(&get("/for-ever")).await;
    sleep(Duration::from_millis(100)).await;
    let took = served.stop().await;
    assert!(took >= short().closing && took < PATIENCE, "{took:?}");
    assert!(slow.rest().await.ends_with("done"));
    assert_eq!(
        (idle.rest().await, stuck.rest().await),
        (String::new(), String::new())
    );
}
