//! Replies are packed where that makes them smaller, and stay what they were.

use std::io::Read as _;

use axum::http::Method;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::{Caller, Reply, Setup, with_sqlite};

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut bytes = Vec::new();
    match reply.header("content-encoding") {
        "gzip" => GzDecoder::new(&reply.body[..]).read_to_end(&mut bytes),
        "br" => brotli::Decompressor::new(&reply.body[..], 4_096).read_to_end(&mut bytes),
        other => panic!("packed as {other:?}"),
    }
    .expect("unpacked");
    bytes
}

/// What a request gives plain, after it was compared with what it gives packed.
async fn same_packed(who: &Caller<'_>, accepted: &str, expected: &str, path: &str) -> Value {
    let plain = who.get(path).await;
    let json = plain.expect(200);
    assert_eq!(plain.header("content-encoding"), "");
    let packed = who.with("accept-encoding", accepted).get(path).await;
    assert_eq!(packed.header("content-encoding"), expected, "{path}");
    assert_eq!(unpacked(&packed), plain.body, "{path}");
    assert!(packed.body.len() * 2 < plain.body.len(), "{path}");
    assert!(packed.header("vary").contains("accept-encoding"), "{path}");
    assert_eq!(
        packed.header("cache-control"),
        plain.header("cache-control")
    );
    json
}

#[tokio::test]
async fn replies_are_packed_as_the_caller_takes_them() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        for (accepted, expected) in [
            ("gzip", "gzip"),
            ("br", "br"),
            ("gzip, deflate, br, zstd", "br"),
            ("br;q=0.1, gzip", "gzip"),
        ] {
            let results = format!("/projects/{project}/results");
            for path in ["/models", &results] {
                same_packed(&ana, accepted, expected, path).await;
            }
            let all = ana.with("accept-encoding", accepted);
            let call = all.call("models/list", &json!({})).await;
            assert_eq!(
                (call.status.as_u16(), call.header("content-encoding")),
                (200, expected)
            );
            assert_eq!(
                unpacked(&call),
                ana.call("models/list", &json!({})).await.body
            );
            let small = all.get("/projects/999/runs").await;
            assert_eq!(
                (small.status.as_u16(), small.header("content-encoding")),
                (404, "")
            );
        }
        let refused = ana.with("accept-encoding", "identity").get("/models").await;
        assert_eq!(refused.header("content-encoding"), "");
        files(&ana, project).await;
        known(&ana).await;
    })
    .await;
}

/// Files are packed while they are written; gzip alone, which holds little.
async fn files(ana: &Caller<'_>, project: i64) {
    let path = format!("/projects/{project}/export/answers");
    let plain = ana.get(&path).await;
    let packed = ana.with("accept-encoding", "gzip, br").get(&path).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(unpacked(&packed), plain.body);
    let events = format!("/api/runs/{}/events", 1);
    let all = ana.with("accept-encoding", "gzip, br");
    let events = all
        .send(Method::GET, &events, axum::body::Body::empty())
        .await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert_eq!(events.header("content-encoding"), "");
}

/// What the caller has in one form it has in every form.
async fn known(ana: &Caller<'_>) {
    let plain = ana.get("/models").await.header("etag").to_owned();
    let all = ana.with("accept-encoding", "gzip");
    let packed = all.get("/models").await.header("etag").to_owned();
    assert_eq!(
        packed,
        format!("W/{plain}"),
        "other bytes, the same meaning"
    );
    for tag in [&plain, &packed] {
        for caller in [ana, &all] {
            let known = caller.with("if-none-match", tag).get("/models").await;
            assert_eq!((known.status.as_u16(), known.body.len()), (304, 0), "{tag}");
            assert_eq!(known.header("content-encoding"), "");
        }
    }
}
