//! Bytes that are no answer, and answers with absurd numbers.

use app::model::money::Money;
use app::model::run::CostKind;
use chrono::DateTime;
use engine::cost::{AskSize, Price, of_answer, worst_case};
use providers::{ErrorClass, Outcome};
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::support::{OPTIONS, TEXT, VENDORS, answer_to, ask, body_of, each_fails, each_fails_as};

async fn fails_with(status: u16, headers: &str, body: &[u8], class: ErrorClass, retry: bool) {
    let server = RawServer::saying(response(status, headers, body)).await;
    each_fails_as(OPTIONS, &server.origin, class, retry).await;
}

#[tokio::test]
async fn fine_answers_are_read() {
    for vendor in VENDORS {
        let answer = answer_to(vendor, &body_of(vendor, &json!(12), &Value::Null)).await;
        assert_eq!(
            (answer.outcome, answer.text.as_str()),
            (Outcome::Answered, TEXT)
        );
        assert!(answer.usage.input_tokens >= Some(12), "{vendor}");
        assert!(answer.usage.output_tokens >= Some(12), "{vendor}");
    }
}

#[tokio::test]
async fn pages_of_html_are_told_by_their_status() {
    let page = b"<!doctype html><html><head><title>Sorry</title></head><body>...</body></html>";
    let html = "content-type: text/html\r\n";
    fails_with(200, html, page, ErrorClass::BadResponse, false).await;
    fails_with(401, html, page, ErrorClass::BadKey, false).await;
    fails_with(429, html, page, ErrorClass::RateLimited, true).await;
    fails_with(502, html, page, ErrorClass::ProviderFault, true).await;
    fails_with(529, html, page, ErrorClass::Overloaded, true).await;
}

#[tokio::test]
async fn nothing_and_odd_statuses_are_bad_responses() {
    fails_with(200, "", b"", ErrorClass::BadResponse, false).await;
    fails_with(204, "", b"", ErrorClass::BadResponse, false).await;
    fails_with(299, "", b"null", ErrorClass::BadResponse, false).await;
    fails_with(304, "", b"", ErrorClass::BadResponse, false).await;
    fails_with(600, "", b"", ErrorClass::BadResponse, false).await;
    fails_with(999, "", b"[]", ErrorClass::BadResponse, false).await;
}

#[tokio::test]
async fn what_cannot_be_read_may_have_been_paid_for() {
    for (status, billed) in [(200, true), (201, true), (404, false), (500, false)] {
        let server = RawServer::saying(response(status, "", b"{\"cut\": ")).await;
        each_fails(OPTIONS, &server.origin, |vendor, _, failure| {
            assert_eq!(failure.may_be_billed, billed, "{vendor} {status}");
        })
        .await;
    }
}

#[tokio::test]
async fn halves_of_characters_and_a_mark_before_the_body_lose_no_answer() {
    for vendor in VENDORS {
        let body = body_of(vendor, &json!(12), &Value::Null).to_string();
        let body = format!("\u{feff}{}", body.replace(TEXT, "Both last \\ud83e"));
        let server = RawServer::saying(response(200, "", body.as_bytes())).await;
        let exchange = ask(OPTIONS, vendor, &server.origin).await;
        let answer = exchange.result.expect("an answer");
        assert_eq!(answer.text, "Both last \u{fffd}", "{vendor}");
        assert!(answer.usage.output_tokens >= Some(12), "{vendor}");
    }
}

#[tokio::test]
async fn an_ask_without_a_search_is_billed_for_none() {
    for vendor in VENDORS {
        let answer = answer_to(vendor, &body_of(vendor, &json!(0), &Value::Null)).await;
        assert_eq!(answer.usage.searches, Some(0), "{vendor}");
    }
}

#[tokio::test]
async fn other_charsets_are_no_json() {
    let latin = b"{\"choices\": [{\"message\": {\"content\": \"caf\xe9\"}}]}";
    let header = "content-type: application/json; charset=iso-8859-1\r\n";
    fails_with(200, header, latin, ErrorClass::BadResponse, false).await;
    let utf_16: Vec<u8> = "\u{feff}{\"choices\": []}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let header = "content-type: application/json; charset=utf-16\r\n";
    fails_with(200, header, &utf_16, ErrorClass::BadResponse, false).await;
}

#[tokio::test]
async fn a_charset_that_is_only_claimed_changes_nothing() {
    for vendor in VENDORS {
        let body = body_of(vendor, &json!(1), &Value::Null).to_string();
        let body = body.replace(TEXT, "Café, señor: 7 €");
        let header = "content-type: application/json; charset=iso-8859-1\r\n";
        let server = RawServer::saying(response(200, header, body.as_bytes())).await;
        let exchange = ask(OPTIONS, vendor, &server.origin).await;
        let answer = exchange.result.expect("an answer");
        assert_eq!(answer.text, "Café, señor: 7 €", "{vendor}");
    }
}

#[tokio::test]
async fn an_error_inside_a_success_is_that_error() {
    for (error, class, retry) in [
        (
            json!({"type": "server_error", "message": "x"}),
            ErrorClass::ProviderFault,
            true,
        ),
        (
            json!({"code": 429, "message": "slow down"}),
            ErrorClass::RateLimited,
            true,
        ),
        (
            json!({"code": "insufficient_quota", "message": "x"}),
            ErrorClass::NoMoney,
            false,
        ),
        (json!({"message": "odd"}), ErrorClass::BadResponse, false),
        (json!("only text"), ErrorClass::BadResponse, false),
    ] {
        let body = json!({"error": error}).to_string();
        fails_with(200, "", body.as_bytes(), class, retry).await;
    }
}

#[tokio::test]
async fn nesting_without_end_is_a_bad_response() {
    let deep = [
        b"{\"a\":".repeat(100_000),
        b"1".to_vec(),
        b"}".repeat(100_000),
    ]
    .concat();
    fails_with(200, "", &deep, ErrorClass::BadResponse, false).await;
    fails_with(500, "", &deep, ErrorClass::ProviderFault, true).await;
}

#[tokio::test]
async fn many_small_things_make_no_long_answer() {
    let lists = ["[", &"[0],".repeat(500_000), "0]"].concat();
    let body = format!("{{\"output\": {lists}, \"choices\": {{}}, \"content\": 7}}");
    let server = RawServer::saying(response(200, "", body.as_bytes())).await;
    for vendor in VENDORS {
        let exchange = ask(OPTIONS, vendor, &server.origin).await;
        match exchange.result {
            Ok(answer) => assert_eq!(answer.outcome, Outcome::Empty, "{vendor}"),
            Err(failure) => assert_eq!(failure.class, ErrorClass::BadResponse, "{vendor}"),
        }
    }
}

#[tokio::test]
async fn long_words_are_cut() {
    let long = "w".repeat(100_000);
    let header = format!("x-request-id: {long}\r\n");
    for vendor in VENDORS {
        let mut body = body_of(vendor, &json!(1), &Value::Null);
        for field in ["model", "modelVersion", "id", "responseId", "stop_reason"] {
            body[field] = json!(long);
        }
        let body = body.to_string();
        let server = RawServer::saying(response(200, &header, body.as_bytes())).await;
        let exchange = ask(OPTIONS, vendor, &server.origin).await;
        let answer = exchange.result.expect("an answer");
        for word in [&answer.model_served, &answer.finish, &answer.request_id] {
            let length = word.as_ref().map_or(0, String::len);
            assert!(length <= 200, "{vendor}: {length}");
        }
        assert!(
            exchange.request_id.is_some_and(|id| id.len() == 200),
            "{vendor}"
        );
    }
    let server = RawServer::saying(response(500, &header, b"")).await;
    each_fails(OPTIONS, &server.origin, |vendor, exchange, failure| {
        assert_eq!(failure.request_id, exchange.request_id);
        assert_eq!(
            failure.request_id.as_ref().map(String::len),
            Some(200),
            "{vendor}"
        );
    })
    .await;
}

const SIZE: AskSize = AskSize {
    question_bytes: 40,
    max_output_tokens: 200,
    web_search: true,
};

fn price() -> Price {
    Price {
        id: 1.into(),
        starts_at: DateTime::UNIX_EPOCH,
        input: Money::from_usd(5),
        output: Money::from_usd(25),
        cached_input: None,
        search_fee: Some(Money::from_nanos(10_000_000)),
        tier: None,
    }
}

#[tokio::test]
async fn absurd_counts_are_no_counts_and_cost_the_worst_case() {
    let expected = worst_case(Some(price()), SIZE).amount;
    let costs = [
        json!(-1),
        json!(-9e18),
        json!(1e308),
        json!(u64::MAX),
        json!("much"),
        json!([1]),
    ];
    let counts = [
        json!(20_000_001),
        json!(1e15),
        json!(0.5),
        json!("many"),
        json!({"n": 1}),
        json!(true),
    ];
    let beside = counts.iter().map(|count| (count, &Value::Null));
    for (count, cost) in costs.iter().map(|both| (both, both)).chain(beside) {
        for vendor in VENDORS {
            let answer = answer_to(vendor, &body_of(vendor, count, cost)).await;
            assert_eq!(answer.text, TEXT, "{vendor}");
            let usage = answer.usage;
            let tokens = [
                usage.input_tokens,
                usage.output_tokens,
                usage.cached_tokens,
                usage.reasoning_tokens,
            ];
            assert_eq!(tokens, [None; 4], "{vendor}: {count}");
            // Without a count, the searches that are shown count; there are none.
            assert_eq!(usage.searches.unwrap_or(0), 0, "{vendor}: {count}");
            assert_eq!(answer.cost_reported, None, "{vendor}: {cost}");
            let cost = of_answer(answer.cost_reported, &usage, Some(price()), SIZE);
            assert_eq!(cost.amount, expected, "{vendor}: {count}");
            assert_eq!(cost.kind, CostKind::WorstCase, "{vendor}: {count}");
        }
    }
}
