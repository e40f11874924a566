//! Anthropic's Messages.

use http::HeaderMap;
use serde_json::{Value, json};

use super::citations::{MAX_CITATIONS, citation, merely_retrieved};
use super::http_request::{base_url, join};
use super::json::{count_at, items, length, searches_at, string_at, sum, text_at};
use super::locale::{approximate_location, instruction};
use super::{Access, Answer, Citation, Failure, HttpRequest, Outcome, Question, Usage, errors};

/// The version of the interface that this file is written for.
pub(crate) const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

/// How often a model may search for one answer; bounds what a question can cost.
const MOST_SEARCHES: u32 = 5;

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
            "max_uses": MOST_SEARCHES,
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
    let (mut text, citations) = read_content(&json);
    if let Some(form) = filled_form(&json) {
        text = form;
    }
    let finish = text_at(&json, "/stop_reason");
    let outcome = match finish {
        Some("refusal") => Outcome::Refused,
        // `pause_turn` would go on if it were asked to; what came until then is kept.
        Some("max_tokens" | "model_context_window_exceeded" | "pause_turn") => Outcome::Truncated,
        _ if text.is_empty() => Outcome::Empty,
        _ => Outcome::Answered,
    };
    Ok(Answer {
        outcome,
        text,
        finish: finish.map(str::to_owned),
        model_served: string_at(&json, "/model"),
        usage: usage(&json),
        citations,
        request_id: errors::request_id(headers).or_else(|| string_at(&json, "/id")),
        cost_reported: None,
    })
}

/// The text blocks joined. A citation belongs to its whole block; results of searches that no
/// block cites were merely retrieved.
fn read_content(json: &Value) -> (String, Vec<Citation>) {
    let mut text = String::new();
    let mut citations = Vec::new();
    let blocks = items(json, "/content")
        .iter()
        .filter(|block| text_at(block, "/type") == Some("text"));
    for block in blocks {
        let start = text.len();
        text.push_str(text_at(block, "/text").unwrap_or_default());
        let span = (start < text.len()).then_some((start, text.len()));
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
    (text, citations)
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
        searches: Some(
            searches_at(json, "/usage/server_tool_use/web_search_requests")
                .unwrap_or_else(|| searches_shown(json)),
        ),
    }
}

fn searches_shown(json: &Value) -> i64 {
    let calls = items(json, "/content").iter().filter(|block| {
        text_at(block, "/type") == Some("server_tool_use")
            && text_at(block, "/name") == Some("web_search")
    });
    length(calls.count())
}

#[cfg(test)]
mod tests {
    use app::model::provider::Provider;
    use secrecy::SecretString;

    use super::super::locale::tests::{formed, question};
    use super::*;

    #[test]
    fn a_form_is_a_tool_that_must_be_called() {
        let access = Access {
            provider: Provider::Anthropic,
            api_key: Some(SecretString::from("key-1")),
            base_url: None,
            reach: crate::providers::Reach::Anywhere,
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
            reach: crate::providers::Reach::Anywhere,
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
}
