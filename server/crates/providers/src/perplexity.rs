//! Perplexity's Agent API: Responses with request fields, sources and prices of its own.
//!
//! It refuses a field that it does not know, so nothing is sent beside what stands here.

use std::collections::HashSet;

use bytes::Bytes;
use contract::money::Money;
use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::citation;
use super::http_request::{base_url, join};
use super::json::{items, object, searches_at, searches_of, text_at, usd_at};
use super::locale::{country, instruction};
use super::markers::placed;
use super::openai_responses::{SMALLEST_OUTPUT, Written, answer, read, usage};
use super::{Access, Answer, Citation, Failure, HttpRequest, Question};

/// Bytes of a refusal; more is none, and takes long to read.
const LONGEST_REFUSAL: usize = 16 * 1024;
/// No run has this id; only a good key is told so.
const NO_RUN: &str = "/v1/agent/resp_00000000-0000-4000-8000-000000000000";

/// The request that asks `question`. Offered a search alone, its models skip it for questions
/// that Sonar searched for, so a searched ask makes them search.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let mut body = json!({
        "model": question.model_id,
        "input": question.text,
        "instructions": instruction(question),
        "max_output_tokens": question.max_output_tokens.max(SMALLEST_OUTPUT),
        "language_preference": question.language,
        "store": false,
    });
    if question.web_search {
        let mut tool = json!({
            "type": "web_search",
            "search_type": "web",
            "search_context_size": "low",
        });
        if let Some(code) = country(question) {
            tool["user_location"] = json!({"country": code});
        }
        body["tools"] = json!([tool]);
        body["tool_choice"] = json!({"type": "web_search"});
    }
    if let Some(form) = &question.form {
        body["response_format"] = json!({"type": "json_schema", "json_schema": {
            "name": form.name,
            "schema": *form.schema,
            "strict": true,
        }});
    }
    HttpRequest::post(join(base_url(access)?, "/v1/agent"), &body).with_key(access)
}

/// The request once more without the word that a search must be, where the response refuses that
/// word: it came late to the interface. The model then decides itself whether it searches, and the
/// answer says whether it did.
pub(crate) fn without_forced_search(
    asked: &HttpRequest,
    status: u16,
    body: &[u8],
) -> Option<HttpRequest> {
    if status != 400 || body.len() > LONGEST_REFUSAL {
        return None;
    }
    let refusal = object(body)?;
    let names = |pointer: &&str| {
        text_at(&refusal, pointer).is_some_and(|text| text.contains("tool_choice"))
    };
    if !["/error/param", "/error/message"].iter().any(names) {
        return None;
    }
    let mut next: Value = serde_json::from_slice(asked.body.as_ref()?).ok()?;
    next.as_object_mut()?.remove("tool_choice")?;
    Some(HttpRequest {
        body: Some(Bytes::from(next.to_string())),
        ..asked.clone()
    })
}

/// A request that costs nothing: it asks for a run that does not exist. The list of models proves
/// no key, as it may be open to anyone.
pub(crate) fn key_test(access: &Access) -> Result<HttpRequest, Failure> {
    HttpRequest::get(join(base_url(access)?, NO_RUN)).with_key(access)
}

/// Whether the response to [`key_test`] is the one that a good key is given. A run that nobody
/// made is never found, so a success does not come from this interface, and neither does any
/// other 404.
pub(crate) fn accepts_key(status: u16, body: &[u8]) -> bool {
    let error = object(body);
    let kind = error.as_ref().and_then(|json| text_at(json, "/error/type"));
    status == 404 && kind == Some("not_found")
}

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = read(status, headers, body)?;
    let written = Written::of(&json);
    // Annotations have been empty so far; a filled one says more than a marker.
    let noted: HashSet<&str> = written
        .citations
        .iter()
        .map(|note| note.url.as_str())
        .collect();
    let shown = placed(written.text(), sources(&json));
    let shown = shown
        .into_iter()
        .filter(|found| !noted.contains(found.url.as_str()));
    let shown: Vec<Citation> = shown.collect();
    let answer = Answer {
        usage: usage(&json, searches(&json)),
        cost_reported: cost(&json),
        ..answer(&json, headers)
    };
    written.settle(&json, answer, shown)
}

/// The results of all searches, by their own number; one without a number counts by its place.
fn sources(json: &Value) -> impl Iterator<Item = (Option<u64>, Citation)> {
    let results = searches_shown(json).flat_map(|search| items(search, "/results"));
    (1..).zip(results).filter_map(|(place, result)| {
        let number = match result.get("id") {
            Some(Value::String(text)) => text.parse().ok(),
            id => id.and_then(Value::as_u64),
        };
        let source = citation(text_at(result, "/url")?, text_at(result, "/title"))?;
        Some((number.or(Some(place)), source))
    })
}

fn searches_shown(json: &Value) -> impl Iterator<Item = &Value> {
    let output = items(json, "/output").iter();
    output.filter(|item| text_at(item, "/type") == Some("search_results"))
}

/// Calls of the search tool that are billed. A bill that names no search has none. Without a bill,
/// each search counts whose results are shown. Results without queries come from an earlier turn.
fn searches(json: &Value) -> Option<i64> {
    let billed = searches_at(json, "/usage/tool_calls_details/search_web/invocation");
    billed.or_else(|| {
        if cost(json).is_some() {
            return Some(0);
        }
        let made = |search: &&Value| {
            search
                .get("queries")
                .is_none_or(|queries| !queries.is_null())
        };
        searches_of(searches_shown(json).filter(made).count())
    })
}

/// The price of all of it, fees included.
fn cost(json: &Value) -> Option<Money> {
    let currency = text_at(json, "/usage/cost/currency").unwrap_or("USD");
    usd_at(json, "/usage/cost/total_cost").filter(|_| currency == "USD")
}

#[cfg(test)]
mod tests {
    use contract::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::super::{ErrorClass, Outcome, Reach};
    use super::*;

    fn access(base_url: Option<&str>) -> Access {
        Access {
            provider: Provider::Perplexity,
            api_key: Some(SecretString::from("key-1")),
            base_url: base_url.map(str::to_owned),
            reach: Reach::Anywhere,
        }
    }

    fn body(question: &Question) -> Value {
        let request = build_request(&access(None), question).expect("request");
        assert_eq!(request.url, "https://api.perplexity.ai/v1/agent");
        serde_json::from_slice(&request.body.expect("body")).expect("json")
    }

    #[test]
    fn a_searched_ask_says_all_that_it_may_and_nothing_else() {
        let expected = json!({
            "model": "model-1",
            "input": "Which running shoes last longest?",
            "instructions": "Answer in Spanish. The person who asks is in Spain.",
            "max_output_tokens": 2048,
            "language_preference": "es",
            "store": false,
            "tools": [{
                "type": "web_search", "search_type": "web", "search_context_size": "low",
                "user_location": {"country": "ES"},
            }],
            "tool_choice": {"type": "web_search"},
        });
        assert_eq!(body(&question(true, Some("ES"))), expected);
        let nowhere = body(&question(true, None));
        assert_eq!(nowhere["tools"][0].get("user_location"), None);
        assert_eq!(nowhere["tool_choice"]["type"], "web_search");
    }

    #[test]
    fn an_ask_without_search_names_no_tool_and_a_form_stands_at_the_top() {
        let plain = body(&Question {
            max_output_tokens: 1,
            ..question(false, None)
        });
        for field in [
            "tools",
            "tool_choice",
            "response_format",
            "disable_search",
            "text",
        ] {
            assert_eq!(plain.get(field), None, "{field}");
        }
        assert_eq!(plain["max_output_tokens"], 16);
        let asked = formed();
        let judged = body(&asked);
        let format = &judged["response_format"];
        assert_eq!(
            (&format["type"], &format["json_schema"]["strict"]),
            (&json!("json_schema"), &json!(true))
        );
        assert_eq!(format["json_schema"]["name"], "verdicts");
        assert_eq!(
            format["json_schema"]["schema"],
            *asked.form.expect("a form").schema
        );
        assert_eq!(judged.get("tools"), None);
    }

    #[test]
    fn a_path_before_the_interface_is_kept() {
        let behind = access(Some("https://gateway.example/pplx/"));
        let asked = build_request(&behind, &question(false, None)).expect("request");
        assert_eq!(asked.url, "https://gateway.example/pplx/v1/agent");
        let tested = key_test(&behind).expect("request");
        assert_eq!(tested.method, http::Method::GET);
        assert!(
            tested
                .url
                .starts_with("https://gateway.example/pplx/v1/agent/resp_"),
            "{}",
            tested.url
        );
        assert!(tested.body.is_none());
    }

    fn parsed(body: &Value) -> Result<Answer, Failure> {
        parse(200, &HeaderMap::new(), body.to_string().as_bytes())
    }

    fn answered(usage: &Value, queries: &Value) -> Answer {
        let body = json!({"status": "completed", "model": "perplexity/sonar", "usage": usage, "output": [
            {"type": "search_results", "queries": queries, "results": [{"id": 1, "url": "https://a.example/"}]},
            {"type": "message", "content": [{"type": "output_text", "text": "Kipu leads [1].", "annotations": []}]},
        ]});
        parsed(&body).expect("an answer")
    }

    #[test]
    fn searches_are_those_billed_or_else_those_shown() {
        let searches = |usage: Value, queries: Value| answered(&usage, &queries).usage.searches;
        let some = json!(["a", "b"]);
        let billed = json!({"cost": {"total_cost": 0.01}, "tool_calls_details": {"search_web": {"invocation": 3}}});
        assert_eq!(searches(billed, some.clone()), Some(3));
        assert_eq!(
            searches(json!({"cost": {"total_cost": 0.01}}), some.clone()),
            Some(0)
        );
        assert_eq!(
            searches(json!({"input_tokens": 9}), some.clone()),
            Some(1),
            "several queries, one search"
        );
        assert_eq!(searches(Value::Null, some), Some(1));
        assert_eq!(searches(Value::Null, Value::Null), Some(0), "carried over");
    }

    #[test]
    fn a_price_in_another_currency_is_no_price_in_dollars() {
        let cost = |currency: &str| {
            let usage = json!({"cost": {"currency": currency, "total_cost": 0.00125}});
            answered(&usage, &Value::Null).cost_reported
        };
        assert_eq!(cost("USD"), Some(Money::from_nanos(1_250_000)));
        assert_eq!(cost("EUR"), None);
    }

    #[test]
    fn an_annotation_wins_over_a_marker() {
        let body = json!({"status": "completed", "output": [
            {"type": "search_results", "queries": ["q"], "results": [
                {"id": 7, "url": "https://a.example/", "title": "A"},
                {"id": 8, "url": "https://b.example/"},
                {"url": ""},
            ]},
            {"type": "message", "content": [{"type": "output_text", "text": "Kipu leads, see A[web:8].", "annotations": [
                {"type": "url_citation", "url": "https://a.example/", "start_index": 0, "end_index": 4}
            ]}]},
        ]});
        let told: Vec<(String, bool, Option<usize>)> = parsed(&body)
            .expect("an answer")
            .citations
            .into_iter()
            .map(|cited| (cited.url, cited.cited, cited.start))
            .collect();
        assert_eq!(
            told,
            [
                ("https://a.example/".to_owned(), true, Some(0)),
                ("https://b.example/".to_owned(), true, Some(17)),
            ]
        );
    }

    #[test]
    fn what_is_not_completed_is_a_failure_or_has_no_text() {
        let with = |status: &str| json!({"status": status, "output": [], "error": null});
        let failure = |body: &Value| {
            let failure = parsed(body).expect_err("no answer");
            (failure.class, failure.retry, failure.may_be_billed)
        };
        assert_eq!(
            failure(&with("failed")),
            (ErrorClass::ProviderFault, true, false)
        );
        assert_eq!(
            failure(&with("queued")),
            (ErrorClass::BadResponse, false, true)
        );
        assert_eq!(
            failure(&with("in_progress")),
            (ErrorClass::BadResponse, false, true)
        );
        let cancelled = json!({"status": "cancelled", "output": [{"type": "search_results"}],
            "incomplete_details": {"reason": "cancelled"}, "error": {"code": "cancelled", "message": "cancelled"}});
        assert_eq!(failure(&cancelled), (ErrorClass::ProviderFault, true, true));
        let slow = json!({"status": "failed", "output": [],
            "error": {"type": "request_rate_limit_exceeded", "message": "slow down", "code": 429}});
        assert_eq!(failure(&slow), (ErrorClass::RateLimited, true, false));
        let cut = json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"},
            "output": [], "usage": {"output_tokens": 16, "output_tokens_details": {"reasoning_tokens": 16}}});
        let cut = parsed(&cut).expect("paid");
        assert_eq!(
            (cut.outcome, cut.usage.reasoning_tokens),
            (Outcome::Empty, Some(16))
        );
    }

    #[test]
    fn only_the_answer_of_the_interface_itself_proves_a_key() {
        let missing =
            br#"{"error": {"message": "resource not found", "type": "not_found", "code": 404}}"#;
        assert!(accepts_key(404, missing));
        assert!(!accepts_key(404, b"<html>not found</html>"));
        assert!(!accepts_key(
            404,
            br#"{"error": {"message": "no such route"}}"#
        ));
        assert!(!accepts_key(401, missing));
        for page in [
            &b"<!doctype html><title>Welcome</title>"[..],
            b"{}",
            br#"{"data": []}"#,
            br#"{"error": {"type": "invalid_api_key"}}"#,
            br#"{"error": {"type": "not_found"}}"#,
        ] {
            assert!(!accepts_key(200, page), "{}", String::from_utf8_lossy(page));
        }
    }

    #[test]
    fn a_search_is_forced_no_more_where_the_word_for_it_is_refused() {
        let asked = build_request(&access(None), &question(true, None)).expect("request");
        let next = |status: u16, error: Value| {
            let refusal = json!({ "error": error }).to_string();
            without_forced_search(&asked, status, refusal.as_bytes())
        };
        let named = json!({"message": "invalid request body", "type": "invalid_request", "param": "tool_choice"});
        let again = next(400, named.clone()).expect("once more");
        assert_eq!((&again.url, &again.headers), (&asked.url, &asked.headers));
        let mut expected = body(&question(true, None));
        expected
            .as_object_mut()
            .expect("fields")
            .remove("tool_choice");
        let sent: Value = serde_json::from_slice(&again.body.expect("body")).expect("json");
        assert_eq!(sent, expected, "all else stays");
        let said = json!({"message": "invalid request body: json: unknown field \"tool_choice\""});
        assert!(next(400, said).is_some());
        assert!(next(422, named.clone()).is_none() && next(500, named).is_none());
        let other = json!({"message": "unknown field \"max_uses\"", "param": "max_uses"});
        assert!(next(400, other).is_none());
        let unforced = build_request(&access(None), &question(false, None)).expect("request");
        let refusal = br#"{"error": {"param": "tool_choice"}}"#;
        assert!(without_forced_search(&unforced, 400, refusal).is_none());
    }
}
