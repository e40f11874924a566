//! Anthropic's Messages.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, citation, merely_retrieved};
use super::ends::{End, MESSAGES, settle};
use super::http_request::{base_url, join};
use super::json::{count_at, items, object, searches_at, searches_of, string_at, sum, text_at};
use super::locale::{approximate_location, instruction};
use super::prose::Prose;
use super::queries::search_queries;
use super::{
    Access, Answer, Citation, Failure, HttpRequest, Outcome, Question, SEARCHES_ALLOWED, Usage,
    errors,
};

/// The version of the interface that this file is written for.
pub(crate) const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

/// Why a turn ends that would go on if it were asked to.
const PAUSED: &str = "pause_turn";

/// The tool that a model is made to call where its answer must have a form.
const FORM_TOOL: &str = "answer_in_form";

/// The request that asks `question`. Sampling parameters are never sent: newer models refuse
/// them.
pub fn build_request(access: &Access, question: &Question) -> Result<HttpRequest, Failure> {
    let mut body = json!({
        "model": question.model_id,
        "max_tokens": question.max_output_tokens.max(1),
        "system": instruction(question),
        "messages": [{"role": "user", "content": question.text}],
    });
    if question.web_search {
        let mut tool = json!({
            "type": "web_search_20250305",
            "name": "web_search",
            "max_uses": SEARCHES_ALLOWED,
        });
        if super::locale::country(question).is_some() {
            tool["user_location"] = approximate_location(question);
        }
        body["tools"] = json!([tool]);
    }
    if let Some(form) = &question.form {
        // Every model of theirs can be made to call a tool; few know the newer way.
        body["tools"] = json!([{
            "name": FORM_TOOL,
            "description": "Takes the answer.",
            "input_schema": *form.schema,
        }]);
        body["tool_choice"] = json!({"type": "tool", "name": FORM_TOOL});
    }
    HttpRequest::post(join(base_url(access)?, "/v1/messages"), &body)
        .with_header(VERSION.0, VERSION.1)
        .with_key(access)
}

/// What the response says.
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let json = errors::success(status, headers, body)?;
    if !json.get("content").is_some_and(Value::is_array) {
        return Err(errors::unreadable(headers, "the response has no content"));
    }
    let (text, citations) = read_content(&json);
    let finish = text_at(&json, "/stop_reason");
    let form = filled_form(&json);
    let end = if form.is_some() {
        End::Whole
    } else {
        MESSAGES.read(finish)
    };
    let answer = Answer {
        outcome: Outcome::Empty,
        text: form.unwrap_or(text),
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json),
        citations,
        request_id: errors::request_id(headers).or_else(|| string_at(&json, "/id")),
        cost_reported: None,
        search_queries: search_queries(&json),
        worth_another: false,
    };
    settle(end, None, answer)
}

/// The request that continues a turn after the provider paused it: the same request with the text
/// so far and the rest of its limits. `None` where the response is no such turn, or nothing is
/// left.
pub(crate) fn continuation(asked: &HttpRequest, body: &[u8]) -> Option<HttpRequest> {
    let paused = object(body)?;
    if text_at(&paused, "/stop_reason") != Some(PAUSED) {
        return None;
    }
    let mut next: Value = serde_json::from_slice(asked.body.as_ref()?).ok()?;
    let written = count_at(&paused, "/usage/output_tokens").unwrap_or(0);
    let room = count_at(&next, "/max_tokens")? - written;
    if room <= 0 {
        return None;
    }
    next["max_tokens"] = json!(room);
    let turn = json!({"role": "assistant", "content": paused.get("content")?});
    next.get_mut("messages")?.as_array_mut()?.push(turn);
    if let Some(limit) = next.pointer_mut("/tools/0/max_uses") {
        let left = limit.as_i64()? - usage(&paused).searches.unwrap_or(0);
        *limit = json!(left.max(1));
        if left <= 0 {
            next["tool_choice"] = json!({"type": "none"});
        }
    }
    Some(HttpRequest {
        body: Some(Bytes::from(next.to_string())),
        ..asked.clone()
    })
}

/// A paused turn and how it went on, as one response: the content of both, and what both used.
pub(crate) fn joined(paused: &[u8], continued: &[u8]) -> Option<Bytes> {
    let (first, mut whole) = (object(paused)?, object(continued)?);
    let content = [items(&first, "/content"), items(&whole, "/content")].concat();
    whole
        .as_object_mut()?
        .insert("content".to_owned(), content.into());
    for pointer in COUNTERS {
        if let Some(count) = count_at(&first, pointer) {
            match whole.pointer_mut(pointer) {
                Some(there) => *there = json!(there.as_i64().unwrap_or(0).saturating_add(count)),
                None => put(&mut whole, pointer, count),
            }
        }
    }
    Some(Bytes::from(whole.to_string()))
}

/// Every counter of a response.
const COUNTERS: &[&str] = &[
    "/usage/input_tokens",
    "/usage/cache_read_input_tokens",
    "/usage/cache_creation_input_tokens",
    "/usage/output_tokens",
    "/usage/output_tokens_details/thinking_tokens",
    "/usage/server_tool_use/web_search_requests",
];

/// Writes a counter where none stands.
fn put(json: &mut Value, pointer: &str, count: i64) {
    let mut place = json;
    for name in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[name];
    }
    *place = json!(count);
}

/// The text blocks joined: those side by side are one sentence, a search between them is a break.
/// A citation belongs to its whole block; results of searches that no block cites were merely
/// retrieved.
fn read_content(json: &Value) -> (String, Vec<Citation>) {
    let mut prose = Prose::default();
    let mut citations = Vec::new();
    for block in items(json, "/content") {
        if text_at(block, "/type") != Some("text") {
            prose.interrupt();
            continue;
        }
        let text = text_at(block, "/text").unwrap_or_default();
        let start = prose.push(text);
        let span = (!text.is_empty()).then_some((start, start + text.len()));
        let room = MAX_CITATIONS.saturating_sub(citations.len());
        let cited = items(block, "/citations").iter().filter_map(|found| {
            let url = text_at(found, "/url").or_else(|| text_at(found, "/source"))?;
            Some(citation(url, text_at(found, "/title"))?.at(span))
        });
        citations.extend(cited.take(room));
    }
    let shown = items(json, "/content")
        .iter()
        .filter(|block| text_at(block, "/type") == Some("web_search_tool_result"))
        .flat_map(|block| items(block, "/content"))
        .filter_map(|result| citation(text_at(result, "/url")?, text_at(result, "/title")));
    let shown = merely_retrieved(&citations, shown);
    citations.extend(shown);
    (prose.into_text(), citations)
}

/// What the model gave to the tool by which it was asked for a form.
fn filled_form(json: &Value) -> Option<String> {
    items(json, "/content")
        .iter()
        .find(|block| {
            text_at(block, "/type") == Some("tool_use")
                && text_at(block, "/name") == Some(FORM_TOOL)
        })
        .and_then(|block| block.get("input"))
        .map(Value::to_string)
}

/// Input, cache reads and cache writes are disjoint here and summed into the input.
fn usage(json: &Value) -> Usage {
    let cached = count_at(json, "/usage/cache_read_input_tokens");
    let written = count_at(json, "/usage/cache_creation_input_tokens");
    Usage {
        input_tokens: sum(&[count_at(json, "/usage/input_tokens"), cached, written]),
        output_tokens: count_at(json, "/usage/output_tokens"),
        cached_tokens: cached,
        reasoning_tokens: count_at(json, "/usage/output_tokens_details/thinking_tokens"),
        searches: searches_at(json, "/usage/server_tool_use/web_search_requests")
            .or_else(|| searches_shown(json)),
    }
}

fn searches_shown(json: &Value) -> Option<i64> {
    let calls = items(json, "/content").iter().filter(|block| {
        text_at(block, "/type") == Some("server_tool_use")
            && text_at(block, "/name") == Some("web_search")
    });
    searches_of(calls.count())
}

#[cfg(test)]
mod tests {
    use contract::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    #[test]
    fn a_form_is_a_tool_that_must_be_called() {
        let access = Access {
            provider: Provider::Anthropic,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::Reach::Anywhere,
        };
        let asked = formed();
        let request = build_request(&access, &asked).expect("request");
        let body: Value = serde_json::from_slice(&request.body.expect("body")).expect("json");
        assert_eq!(
            body["tools"][0]["input_schema"],
            *asked.form.expect("a form").schema
        );
        assert_eq!(
            body["tool_choice"],
            json!({"type": "tool", "name": FORM_TOOL})
        );
        assert_eq!(body["system"], "Judge.");
        assert_eq!(body["tools"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn the_request_carries_version_key_and_location() {
        let access = Access {
            provider: Provider::Anthropic,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::Reach::Anywhere,
        };
        let request = build_request(&access, &question(true, Some("ES"))).expect("request");
        assert_eq!(request.url, "https://api.anthropic.com/v1/messages");
        assert_eq!(request.headers["anthropic-version"], "2023-06-01");
        assert_eq!(request.headers["x-api-key"], "key-1");
        let body: Value = serde_json::from_slice(&request.body.expect("body")).expect("json");
        assert_eq!(body["tools"][0]["user_location"]["country"], "ES");
        assert_eq!(body["max_tokens"], 2048);
        assert_eq!(body.get("temperature"), None);
    }

    fn paused(searches: u32) -> Value {
        json!({
            "type": "message", "model": "claude-x", "stop_reason": "pause_turn",
            "content": [
                {"type": "text", "text": "I look. "},
                {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "a"}},
            ],
            "usage": {"input_tokens": 100, "output_tokens": 48,
                "server_tool_use": {"web_search_requests": searches}},
        })
    }

    fn next_after(paused: &Value) -> Option<Value> {
        let access = Access {
            provider: Provider::Anthropic,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::Reach::Anywhere,
        };
        let asked = build_request(&access, &question(true, None)).expect("request");
        let next = continuation(&asked, paused.to_string().as_bytes())?;
        assert_eq!((&next.url, &next.headers), (&asked.url, &asked.headers));
        serde_json::from_slice(&next.body.expect("body")).ok()
    }

    #[test]
    fn a_paused_turn_goes_on_with_what_is_left_of_its_limits() {
        let next = next_after(&paused(2)).expect("it goes on");
        assert_eq!(
            (&next["max_tokens"], &next["tools"][0]["max_uses"]),
            (&json!(2_000), &json!(3))
        );
        assert_eq!(next["messages"][0]["role"], "user");
        assert_eq!(
            next["messages"][1],
            json!({"role": "assistant", "content": paused(2)["content"]})
        );
        assert_eq!(next.get("tool_choice"), None);
        let used_up = next_after(&paused(5)).expect("it goes on");
        assert_eq!(used_up["tool_choice"], json!({"type": "none"}));
        let mut written = paused(1);
        written["usage"]["output_tokens"] = json!(2048);
        assert_eq!(next_after(&written), None, "nothing is left");
        written["stop_reason"] = json!("end_turn");
        assert_eq!(next_after(&written), None);
    }

    #[test]
    fn a_turn_in_two_parts_is_one_answer_that_used_both() {
        let rest = json!({
            "type": "message", "model": "claude-x", "stop_reason": "end_turn",
            "content": [{"type": "web_search_tool_result", "content": []}, {"type": "text", "text": "Kipu."}],
            "usage": {"input_tokens": 150, "output_tokens": 30, "cache_read_input_tokens": 7},
        });
        let both = joined(
            paused(2).to_string().as_bytes(),
            rest.to_string().as_bytes(),
        )
        .expect("both");
        let answer = parse(200, &HeaderMap::new(), &both).expect("an answer");
        assert_eq!(
            (answer.outcome, answer.text.as_str()),
            (Outcome::Answered, "I look. \n\nKipu.")
        );
        let usage = answer.usage;
        assert_eq!(
            (usage.input_tokens, usage.output_tokens),
            (Some(257), Some(78))
        );
        assert_eq!((usage.searches, usage.cached_tokens), (Some(2), Some(7)));
        assert_eq!(answer.search_queries, ["a"]);
    }
}
