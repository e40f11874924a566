//! Asks that take two requests: a turn that goes on, and one without a field that was refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::model::provider::Provider as ProviderName;
use providers::{BODY_LIMIT, ClientOptions, ErrorClass, Exchange, Outcome, Provider, Question};
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{IMPATIENT, OPTIONS, access, ask, body_of, client, question};

/// What a server writes to a request; `None`: it keeps silent.
type Reply = Option<Vec<u8>>;

/// A server with a reply for each request in turn, the last one for all that follow.
async fn replying(replies: Vec<Reply>) -> RawServer {
    let asked = Arc::new(AtomicUsize::new(0));
    let replies = Arc::new(replies);
    RawServer::start(move |mut caller| {
        let (asked, replies) = (Arc::clone(&asked), Arc::clone(&replies));
        async move {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            match &replies[number.min(replies.len() - 1)] {
                Some(bytes) => {
                    caller.write(bytes).await;
                }
                None => caller.wait_for_end().await,
            }
        }
    })
    .await
}

fn turn(text: &str, stop: &Value) -> String {
    json!({"type": "message", "content": [{"type": "text", "text": text}], "stop_reason": stop,
        "usage": {"input_tokens": 10, "output_tokens": 20}})
    .to_string()
}

/// A turn that is paused after its first words.
fn paused() -> Vec<u8> {
    let body = turn("Let me look.", &json!("pause_turn"));
    response(200, "request-id: first\r\n", body.as_bytes())
}

#[tokio::test]
async fn a_paused_turn_goes_on_once() {
    for (text, stop, outcome) in [
        (" Tallo.", "end_turn", Outcome::Answered),
        (" Tal", "max_tokens", Outcome::Truncated),
        (" Further", "pause_turn", Outcome::Truncated),
    ] {
        let body = turn(text, &json!(stop));
        let server = replying(vec![
            Some(paused()),
            Some(response(200, "", body.as_bytes())),
        ])
        .await;
        let exchange = ask(OPTIONS, ProviderName::Anthropic, &server.origin).await;
        let answer = exchange.result.expect("an answer");
        let whole = format!("Let me look.{text}");
        assert_eq!((answer.outcome, answer.text), (outcome, whole));
        assert_eq!(answer.usage.output_tokens, Some(40), "{stop}");
        let heard = server.heard();
        assert_eq!(heard.len(), 2, "{stop}");
        assert!(heard[1].contains("\"role\":\"assistant\""), "{}", heard[1]);
    }
}

/// The failure of an ask whose turn was paused and then went on so: it has been paid for.
async fn fails_after_a_pause(
    options: ClientOptions,
    reply: Reply,
    class: ErrorClass,
    retry: bool,
) -> Exchange {
    let server = replying(vec![Some(paused()), reply]).await;
    let exchange = ask(options, ProviderName::Anthropic, &server.origin).await;
    let Err(failure) = &exchange.result else {
        panic!("{class:?}: half a turn is no answer: {exchange:?}");
    };
    assert_eq!(
        (failure.class, failure.retry),
        (class, retry),
        "{}",
        failure.message
    );
    assert!(failure.may_be_billed, "{class:?}: the first part was paid");
    assert_eq!(server.heard().len(), 2, "{class:?}");
    exchange
}

#[tokio::test]
async fn a_turn_that_breaks_off_after_a_pause_is_no_answer() {
    let said = |status: u16, body: &str| Some(response(status, "", body.as_bytes()));
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"type\": ".to_vec();
    let long = response(200, "", &vec![b'a'; BODY_LIMIT + 1]);
    let overloaded = r#"{"type": "error", "error": {"type": "overloaded_error", "message": "x"}}"#;
    for (reply, class, retry) in [
        (said(500, "{}"), ErrorClass::ProviderFault, true),
        (said(400, "{}"), ErrorClass::BadParameter, false),
        (said(529, ""), ErrorClass::Overloaded, true),
        (said(200, overloaded), ErrorClass::Overloaded, true),
        (said(200, "<html></html>"), ErrorClass::BadResponse, false),
        (
            said(200, &turn("Kipu", &Value::Null)),
            ErrorClass::ProviderFault,
            true,
        ),
        (Some(long), ErrorClass::BadResponse, false),
        (Some(cut), ErrorClass::Network, true),
        (Some(Vec::new()), ErrorClass::Network, true),
    ] {
        fails_after_a_pause(OPTIONS, reply, class, retry).await;
    }
    let limited = Some(response(
        429,
        "retry-after: 7\r\nrequest-id: second\r\n",
        b"{}",
    ));
    let exchange = fails_after_a_pause(OPTIONS, limited, ErrorClass::RateLimited, true).await;
    let wait = exchange
        .result
        .err()
        .and_then(|failure| failure.retry_after);
    assert_eq!(wait, Some(Duration::from_secs(7)));
    let told = (exchange.status, exchange.request_id.as_deref());
    assert_eq!(told, (Some(429), Some("second")));
}

#[tokio::test]
async fn a_turn_that_never_goes_on_is_timed_out_and_leaves_the_trace_of_its_first_part() {
    let exchange = fails_after_a_pause(IMPATIENT, None, ErrorClass::Timeout, true).await;
    let told = (exchange.status, exchange.request_id.as_deref());
    assert_eq!(told, (Some(200), Some("first")));
    let kept = String::from_utf8_lossy(&exchange.raw_body);
    assert!(kept.contains("pause_turn"), "{kept}");
}

async fn ask_with_search(origin: &str) -> Exchange {
    let asked = Question {
        web_search: true,
        ..question()
    };
    let access = access(ProviderName::Perplexity, origin);
    client(OPTIONS).ask(&access, &asked).await
}

/// Perplexity's refusal of a field.
fn refusal(field: &str) -> Vec<u8> {
    let message = format!("invalid request body: json: unknown field \"{field}\"");
    let error = json!({"message": message, "type": "invalid_request", "code": 400, "param": field});
    let body = json!({ "error": error }).to_string();
    response(400, "", body.as_bytes())
}

#[tokio::test]
async fn an_ask_whose_forced_search_is_refused_is_asked_without_it() {
    let body = body_of(ProviderName::Perplexity, &json!(0), &Value::Null).to_string();
    let fine = Some(response(200, "", body.as_bytes()));
    let refused = Some(refusal("tool_choice"));
    let server = replying(vec![refused.clone(), fine.clone(), refused, fine]).await;
    for _ in 0..2 {
        let exchange = ask_with_search(&server.origin).await;
        let answer = exchange.result.expect("an answer");
        assert_eq!(answer.outcome, Outcome::Answered);
        assert_eq!(answer.usage.searches, Some(0), "it says that it did not");
        assert_eq!(exchange.status, Some(200));
    }
    let heard = server.heard();
    let forced: Vec<bool> = heard
        .iter()
        .map(|request| request.contains("tool_choice"))
        .collect();
    assert_eq!(forced, [true, false, true, false], "nothing is remembered");
    assert!(heard.iter().all(|request| request.contains("web_search")));
}

#[tokio::test]
async fn an_ask_is_not_asked_again_for_another_refusal_nor_twice() {
    for (field, requests) in [("language_preference", 1), ("tool_choice", 2)] {
        let server = replying(vec![Some(refusal(field))]).await;
        let failure = ask_with_search(&server.origin).await.result;
        let failure = failure.expect_err("refused");
        let seen = (failure.class, failure.retry, failure.may_be_billed);
        assert_eq!(seen, (ErrorClass::BadParameter, false, false), "{field}");
        assert_eq!(server.heard().len(), requests, "{field}");
    }
}
