//! The same over HTTP/2, where one connection has many requests.

use std::time::Duration;

use axum::Router;
use axum::routing::get as route;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;

use super::{HEALTH, Served, Visitor, short};
use crate::support::{Setup, with_sqlite};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame: its type, flags, stream, and what it carries.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

fn settings(window: u32) -> Vec<u8> {
    let mut payload = vec![0, 4];
    payload.extend(window.to_be_bytes());
    frame(4, 0, 0, &payload)
}

/// `GET path`, in the static table of HPACK and two literals.
fn request(stream: u32, path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    for (index, text) in [(0x04, path), (0x01, "localhost")] {
        block.extend([index, u8::try_from(text.len()).expect("a short text")]);
        block.extend(text.as_bytes());
    }
    // The end of the head and of the request.
    frame(1, 0x5, stream, &block)
}

async fn send(visitor: &mut Visitor, bytes: &[u8]) -> bool {
    visitor.stream.write_all(bytes).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_one_connection_are_answered() {
    with_sqlite(Setup::default(), async |app| {
        let served = Served::start(short(), app.router.clone()).await;
        let client = reqwest::Client::builder()
            .no_proxy()
            .http2_prior_knowledge()
            .build()
            .expect("a client");
        for _ in 0..3 {
            let answer = client
                .get(format!("http://{}{HEALTH}", served.address))
                .send()
                .await;
            let answer = answer.expect("an answer");
            assert_eq!(
                (answer.status().as_u16(), answer.version()),
                (200, reqwest::Version::HTTP_2)
            );
        }
        served.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_of_life_are_no_requests() {
    with_sqlite(Setup::default(), async |app| {
        let served = Served::start(short(), app.router.clone()).await;
        let mut silent = served.connect().await;
        send(&mut silent, &[PREFACE, &settings(65_535)].concat()).await;
        silent.rest().await;
        let mut visitor = served.connect().await;
        send(
            &mut visitor,
            &[PREFACE, &settings(65_535), &request(1, HEALTH)].concat(),
        )
        .await;
        let ping = frame(6, 0, 0, b"pingping");
        let (mut reader, mut writer) = visitor.stream.into_split();
        let pings = tokio::spawn(async move {
            while writer.write_all(&ping).await.is_ok() {
                sleep(Duration::from_millis(50)).await;
            }
        });
        let mut heard = Vec::new();
        let read = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut heard);
        let _ = tokio::time::timeout(super::PATIENCE, read)
            .await
            .expect("closed in time");
        assert!(!heard.is_empty());
        pings.abort();
        served.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_for_which_there_is_no_window_is_not_kept() {
    let router = Router::new().route("/large", route(|| async { vec![b'x'; 4 * 1024 * 1024] }));
    let served = Served::start(short(), router).await;
    let mut visitor = served.connect().await;
    send(
        &mut visitor,
        &[PREFACE, &settings(0), &request(1, "/large")].concat(),
    )
    .await;
    visitor.rest().await;
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_requests_that_are_taken_back_ends_the_connection() {
    let stuck = || async {
        std::future::pending::<()>().await;
        "never"
    };
    let router = Router::new()
        .route("/stuck", route(stuck))
        .route("/", route(|| async { "fine" }));
    let served = Served::start(short(), router).await;
    let mut visitor = served.connect().await;
    let mut flood = [PREFACE, &settings(65_535)].concat();
    for number in 0..2_000 {
        let stream = 2 * number + 1;
        flood.extend(request(stream, "/stuck"));
        flood.extend(frame(3, 0, stream, &8_u32.to_be_bytes()));
    }
    send(&mut visitor, &flood).await;
    visitor.rest().await;
    assert!(served.answers("/").await);
    served.stop().await;
}
