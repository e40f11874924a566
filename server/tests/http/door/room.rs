//! There is room for those who ask something, however many only stand there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get as route;
use parallax::http::door::DoorLimits;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::{HEALTH, PATIENCE, Served, Visitor, get, post};
use crate::support::{Setup, with_sqlite};

const ROOM: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_requests_do_not_lock_anybody_out() {
    with_sqlite(Setup::default(), async |app| {
        let limits = DoorLimits::default().with_connections(ROOM);
        let served = Served::start(limits, app.router.clone()).await;
        let half_body = post(1_000);
        for half in ["", "GET / HTTP/1.1\r\nX-A: ", &half_body] {
            let mut visitors = Vec::new();
            for _ in 0..5 * ROOM {
                let mut visitor = served.connect().await;
                visitor.say(half).await;
                visitors.push(visitor);
            }
            sleep(Duration::from_millis(50)).await;
            assert!(served.answers(HEALTH).await, "{half:?}");
            // The last to come are still there, the first are not.
            assert_eq!(visitors.swap_remove(0).rest().await, "");
        }
        served.stop().await;
    })
    .await;
}

/// A house in which everybody is worked for until they may go on.
struct FullHouse {
    served: Served,
    visitors: Vec<Visitor>,
    go_on: Arc<Notify>,
}

impl FullHouse {
    async fn new() -> Self {
        let go_on = Arc::new(Notify::new());
        let waiting = Arc::clone(&go_on);
        let handler = move || {
            let waiting = Arc::clone(&waiting);
            async move {
                waiting.notified().await;
                "done"
            }
        };
        let router = Router::new()
            .route("/wait", route(handler))
            .route("/here", route(|| async { "here" }));
        let served = Served::start(DoorLimits::default().with_connections(ROOM), router).await;
        let mut visitors = Vec::new();
        for _ in 0..ROOM {
            let mut visitor = served.connect().await;
            visitor.say(&get("/wait")).await;
            visitors.push(visitor);
        }
        sleep(Duration::from_millis(200)).await;
        Self {
            served,
            visitors,
            go_on,
        }
    }

    /// Everybody who was in has their answer.
    async fn end(mut self) {
        self.go_on.notify_waiters();
        for visitor in &mut self.visitors {
            assert!(visitor.reply().await.ends_with("done"));
        }
        self.served.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_house_says_so_and_sends_nobody_away_who_is_served() {
    let house = FullHouse::new().await;
    let told = house.served.connect().await.rest().await;
    assert!(told.starts_with("HTTP/1.1 503"), "{told}");
    assert!(told.contains("retry-after: 5"), "{told}");
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn newcomers_do_not_wait_behind_each_other() {
    let house = FullHouse::new().await;
    let begun = Instant::now();
    let mut newcomers = Vec::new();
    for _ in 0..5 * ROOM {
        newcomers.push(house.served.connect().await);
    }
    for newcomer in &mut newcomers {
        let told = newcomer.rest().await;
        assert!(told.starts_with("HTTP/1.1 503"), "{told}");
    }
    // One after the other they would take a second each.
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_comes_in_once_somebody_is_done() {
    let house = FullHouse::new().await;
    let mut newcomer = house.served.connect().await;
    newcomer.say(&get("/here")).await;
    sleep(Duration::from_millis(100)).await;
    house.go_on.notify_one();
    let told = newcomer.reply().await;
    assert!(told.ends_with("here"), "{told}");
    drop(newcomer);
    house.go_on.notify_waiters();
    house.served.stop().await;
}
