//! No response makes an adapter panic, and what it makes of any response keeps its promises.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use app::model::provider::Provider;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use providers::adapter::Adapter;
use providers::models::{parse_key_test, parse_models};
use providers::{Answer, Failure, Outcome, search_queries_of};
use serde_json::{Value, json};

const ADAPTERS: [Adapter; 6] = [
    Adapter::Responses,
    Adapter::Chat,
    Adapter::Messages,
    Adapter::GenerateContent,
    Adapter::Agent,
    Adapter::Sonar,
];

fn keeps_its_promises(result: &Result<Answer, Failure>) -> Result<(), TestCaseError> {
    match result {
        Ok(answer) => {
            for cited in &answer.citations {
                prop_assert_eq!(cited.start.is_some(), cited.end.is_some());
                if let (Some(start), Some(end)) = (cited.start, cited.end) {
                    prop_assert!(answer.text.get(start..end).is_some(), "{}..{}", start, end);
                }
            }
            let usage = &answer.usage;
            let counts = [
                usage.input_tokens,
                usage.output_tokens,
                usage.cached_tokens,
                usage.searches,
            ];
            prop_assert!(counts.iter().flatten().all(|count| *count >= 0));
            let has_text = !answer.text.trim().is_empty();
            match answer.outcome {
                Outcome::Answered | Outcome::Truncated | Outcome::Refused => prop_assert!(has_text),
                Outcome::Empty => prop_assert!(answer.text.is_empty()),
                Outcome::Blocked => {}
                Outcome::Failed => prop_assert!(false, "a failure is no answer"),
            }
            let queries = &answer.search_queries;
            prop_assert!(queries.iter().all(|query| !query.is_empty()));
            prop_assert_eq!(queries.iter().collect::<HashSet<_>>().len(), queries.len());
        }
        Err(failure) => {
            prop_assert!(failure.message.chars().count() <= 301);
            prop_assert!(failure.retry || failure.retry_after.is_none());
        }
    }
    Ok(())
}

fn check(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<(), TestCaseError> {
    for adapter in ADAPTERS {
        keeps_its_promises(&adapter.parse(status, headers, body))?;
    }
    let _ = search_queries_of(body);
    for provider in Provider::ALL {
        let _ = parse_models(*provider, status, headers, body);
        let _ = parse_key_test(*provider, status, headers, body);
    }
    Ok(())
}

/// Values that are wrong in almost every place.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(-1)),
        Just(json!(u64::MAX)),
        Just(json!(1e308)),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, 7, {"type": "text"}])),
        "\\PC{0,12}".prop_map(Value::String),
        (0_i64..400).prop_map(Value::from),
    ]
}

/// Every place in a JSON document.
fn places(value: &Value, here: String, found: &mut Vec<String>) {
    found.push(here.clone());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                places(inner, format!("{here}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn fixtures() -> Vec<(u16, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/providers");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let bytes = fs::read(entry.expect("entry").path()).expect("fixture");
        serde_json::from_slice::<Vec<Value>>(&bytes).expect("json")
    };
    let cases = fs::read_dir(folder).expect("folder").flat_map(read);
    let response = |case: Value| {
        let status = u16::try_from(case["response"]["status"].as_u64()?).ok()?;
        let body = case["response"]["body"].clone();
        // What stands there as a text is no JSON to a strict reader, on purpose.
        body.is_object().then_some((status, body))
    };
    cases.filter_map(response).collect()
}

proptest! {
    #[test]
    fn any_bytes(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
        check(status, &HeaderMap::new(), &body)?;
    }

    #[test]
    fn any_headers(value in "[ -~]{0,30}", status in prop_oneof![Just(429_u16), Just(503)]) {
        let mut headers = HeaderMap::new();
        for name in ["retry-after", "retry-after-ms", "x-should-retry", "date", "x-ratelimit-reset-tokens",
            "anthropic-ratelimit-tokens-reset", "x-request-id"] {
            headers.insert(name, HeaderValue::from_str(&value).expect("printable"));
        }
        let body = json!({"error": {"details": [{"@type": "x.RetryInfo", "retryDelay": value}]}});
        check(status, &headers, body.to_string().as_bytes())?;
    }

    #[test]
    fn fixtures_with_anything_in_any_place(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), odd_value()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let cases = fixtures();
        let (status, mut body) = which.get(&cases).clone();
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&body, String::new(), &mut found);
            let place: &String = place.get(&found);
            if let Some(target) = body.pointer_mut(place) {
                *target = value;
            }
        }
        let text = body.to_string();
        let length = cut.map_or(text.len(), |cut| cut.index(text.len() + 1));
        check(status, &HeaderMap::new(), &text.as_bytes()[..length])?;
    }
}

/// Tags, code and markers are looked for in texts of any length.
#[test]
fn a_text_of_hostile_pieces_takes_no_time() {
    let started = std::time::Instant::now();
    let pieces = [
        "<think>",
        "</think>",
        "<think></think>",
        "[think]x[/think]",
        "`",
        "``` `a\n",
        "[1",
        "[1][2, 3]",
        "[web:",
        "\n<think>`</think>`\n",
        "~~~\n",
        "a\n</think>\n",
        "<|channel>thought<channel|>",
        "x<think>",
        "<think>a</think>b\n",
        "``",
        "```a",
        "a[1]\n```\n",
    ];
    for piece in pieces {
        // As it stands, and behind a thought, where more is looked for.
        let many = piece.repeat(100_000 / piece.len());
        let text = format!("{many}<think>a</think>b\n{many}");
        let part = json!({"type": "output_text", "text": text});
        let results: Vec<Value> = (0..500)
            .map(|id| json!({"id": id, "url": format!("https://{id}.example/")}))
            .collect();
        let body = json!({"status": "completed", "output": [
            {"type": "search_results", "queries": [text], "results": results},
            {"type": "message", "content": [part]},
        ]});
        let parsed = Adapter::Agent.parse(200, &HeaderMap::new(), body.to_string().as_bytes());
        keeps_its_promises(&parsed).expect("promises");
    }
    assert!(
        started.elapsed() < std::time::Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}

/// Each citation walks through the text, so their number and its length are bounded.
#[test]
fn a_hostile_answer_takes_no_time() {
    let started = std::time::Instant::now();
    let text = "ñ".repeat(100 * 1024);
    let note = json!({"type": "url_citation", "url": "https://a.example/", "start_index": 100_000, "end_index": 100_001});
    let notes = vec![note; 12_000];
    let chat = json!({"choices": [{"message": {"content": text, "annotations": notes}, "finish_reason": "stop"}]});
    let part = json!({"type": "output_text", "text": text, "annotations": notes});
    let responses = json!({"output": [{"type": "message", "content": [part]}]});
    for (adapter, body) in [(Adapter::Chat, chat), (Adapter::Responses, responses)] {
        let answer = adapter
            .parse(200, &HeaderMap::new(), body.to_string().as_bytes())
            .expect("answer");
        assert!(answer.citations.len() <= 500);
    }
    assert!(
        started.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}
