//! Servers that give the key back: it is kept nowhere.

use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{KEY, OPTIONS, VENDORS, answer_to, ask, body_of, each_fails};

use parallax::providers::RAW_BODY_LIMIT;

#[tokio::test]
async fn errors_that_quote_the_key_are_kept_without_it() {
    let quoting = json!({"error": {"message": format!("no such key: {KEY}!"), "code": 400}});
    let mut latin = b"\xe9\xff ".to_vec();
    latin.extend_from_slice(KEY.as_bytes());
    let mut long = vec![b'x'; RAW_BODY_LIMIT - 9];
    long.extend_from_slice(KEY.as_bytes());
    for body in [quoting.to_string().into_bytes(), latin, long] {
        let header = format!("x-request-id: {KEY}\r\n");
        let server = RawServer::saying(response(400, &header, &body)).await;
        each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
            let start = &KEY[..8];
            let kept = String::from_utf8_lossy(&exchange.raw_body);
            assert!(!kept.contains(start), "{vendor}");
            assert!(
                !failure.message.contains(start),
                "{vendor}: {}",
                failure.message
            );
            for id in [&failure.request_id, &exchange.request_id] {
                assert!(
                    id.as_ref().is_some_and(|id| !id.contains(start)),
                    "{vendor}: {id:?}"
                );
            }
        })
        .await;
    }
}

#[tokio::test]
async fn answers_that_quote_the_key_are_kept_without_it() {
    for vendor in VENDORS {
        let body = body_of(vendor, &json!(1), &Value::Null).to_string();
        let body: Value = serde_json::from_str(&body.replace("Both", KEY)).expect("json");
        let answer = answer_to(vendor, &body).await;
        assert!(
            answer.text.ends_with("* are fine."),
            "{vendor}: {}",
            answer.text
        );
        assert!(!answer.text.contains(&KEY[..8]), "{vendor}");
    }
}

#[tokio::test]
async fn the_key_travels_in_one_header_and_nowhere_else() {
    for vendor in VENDORS {
        let server = RawServer::saying(response(200, "", b"{}")).await;
        let _ = ask(OPTIONS, vendor, &server.origin).await;
        let requests = server.heard();
        let [request] = requests.as_slice() else {
            panic!("{vendor}: {} requests", requests.len());
        };
        let (head, body) = request.split_once("\r\n\r\n").expect("a head");
        assert_eq!(head.matches(KEY).count(), 1, "{vendor}: {head}");
        let first = head.lines().next().expect("a request line");
        assert!(!first.contains(KEY) && !body.contains(KEY), "{vendor}");
    }
}
