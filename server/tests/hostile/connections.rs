//! Connections that break, lead elsewhere or speak something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use providers::{ErrorClass, Provider as _};
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{
    KEY, OPTIONS, VENDORS, access, body_of, client, each_fails, each_fails_as, question,
};

#[tokio::test]
async fn a_body_cut_in_the_middle_is_a_broken_connection() {
    let heads: [&[u8]; 2] = [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{\"model\":\"mo",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{\"model\":\"mo",
    ];
    for head in heads {
        let server = RawServer::saying(head).await;
        each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
            let seen = (failure.class, failure.retry);
            assert_eq!(
                seen,
                (ErrorClass::Network, true),
                "{vendor}: {}",
                failure.message
            );
            assert_eq!(exchange.status, Some(200), "{vendor}");
            assert_eq!(&exchange.raw_body[..], b"{\"model\":\"mo", "{vendor}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_packed_body_cut_in_the_middle_is_a_broken_connection() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5000\r\n\r\n";
    let start = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let server = RawServer::saying([&head[..], &start].concat()).await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
}

#[tokio::test]
async fn a_body_without_a_length_that_is_cut_is_a_bad_response() {
    let server = RawServer::saying(&b"HTTP/1.0 200 OK\r\n\r\n{\"model\":\"mo"[..]).await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::BadResponse, false).await;
}

#[tokio::test]
async fn a_dropped_connection_is_worth_another_attempt() {
    let server = RawServer::start(|_| async {}).await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
    let server = RawServer::start(|caller| async move { caller.reset() }).await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
    let server = RawServer::start(|mut caller| async move {
        caller
            .write(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{")
            .await;
        caller.reset();
    })
    .await;
    each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
}

#[tokio::test]
async fn what_speaks_no_http_is_a_broken_connection() {
    for greeting in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"\x16\x03\x01\x02\x00",
        b"+OK\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let server = RawServer::saying(greeting).await;
        each_fails_as(OPTIONS, &server.origin, ErrorClass::Network, true).await;
    }
}

#[tokio::test]
async fn headers_that_contradict_each_other_are_a_broken_connection() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n{}",
    ] {
        let server = RawServer::saying(head).await;
        each_fails(OPTIONS, &server.origin, |vendor, _, failure| {
            assert_eq!(failure.class, ErrorClass::Network, "{vendor}: {head}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_redirect_leads_no_key_to_another_host() {
    let elsewhere = RawServer::saying(response(200, "", b"{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/v1/messages\r\n", elsewhere.origin);
        let server = RawServer::saying(response(status, &location, b"<title>Moved</title>")).await;
        each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
            let seen = (failure.class, failure.retry, exchange.status);
            let told = (ErrorClass::BadResponse, false, Some(status));
            assert_eq!(seen, told, "{vendor}");
            assert!(
                failure.message.contains("redirect"),
                "{vendor}: {}",
                failure.message
            );
        })
        .await;
        assert_eq!(server.heard().len(), VENDORS.len());
        for vendor in VENDORS {
            let client = client(OPTIONS);
            let listed = client.list_models(&access(vendor, &server.origin)).await;
            assert!(listed.is_err(), "{vendor}");
            let tested = client.test_key(&access(vendor, &server.origin)).await;
            assert!(tested.is_err(), "{vendor}");
        }
        assert!(server.heard().iter().all(|request| request.contains(KEY)));
    }
    assert_eq!(elsewhere.heard(), [""; 0]);
}

#[tokio::test]
async fn an_ask_after_a_broken_one_is_answered() {
    for vendor in VENDORS {
        let body = body_of(vendor, &json!(1), &Value::Null).to_string();
        let fine = response(200, "", body.as_bytes());
        let asked = Arc::new(AtomicUsize::new(0));
        let server = RawServer::start(move |mut caller| {
            let (fine, asked) = (fine.clone(), Arc::clone(&asked));
            async move {
                if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                    caller.reset();
                } else {
                    caller.write(&fine).await;
                }
            }
        })
        .await;
        let client = client(OPTIONS);
        let access = access(vendor, &server.origin);
        assert!(client.ask(&access, &question()).await.result.is_err());
        assert!(client.ask(&access, &question()).await.result.is_ok());
    }
}
