//! Perplexity's Agent API: what it refuses, how it answers, and its catalogue of models.

use serde_json::{Value, json};

use super::super::writer::Draft;
use super::protocols::{Asked, Rendered, render};
use crate::json::{items, text_at};

/// Every field that a request may have. It is refused for any other, at any depth.
const FIELDS: &[&str] = &[
    "background",
    "input",
    "instructions",
    "language_preference",
    "max_output_tokens",
    "max_steps",
    "max_tool_calls",
    "metadata",
    "model",
    "models",
    "parallel_tool_calls",
    "preset",
    "previous_response_id",
    "reasoning",
    "response_format",
    "store",
    "stream",
    "temperature",
    "tool_choice",
    "tools",
    "top_p",
];
const TOOL_FIELDS: &[&str] = &[
    "filters",
    "max_results",
    "max_tokens",
    "max_tokens_per_page",
    "search_context_size",
    "search_type",
    "type",
    "user_location",
];
const PLACE_FIELDS: &[&str] = &["city", "country", "latitude", "longitude", "region"];

/// Whether a request to the path that `OpenAI`'s clients use is for this interface: its models
/// are named after their makers.
pub(super) fn speaks(request: &Value) -> bool {
    text_at(request, "/model").is_some_and(|model| model.contains('/'))
        || request.get("preset").is_some()
}

/// The body by which it refuses a request that it cannot take; `None` if it can.
pub(super) fn refusal(request: &Value) -> Option<Value> {
    let tools = items(request, "/tools").iter();
    let places = tools.clone().filter_map(|tool| tool.get("user_location"));
    let unknown = unknown_field(request, FIELDS)
        .or_else(|| {
            tools
                .clone()
                .find_map(|tool| unknown_field(tool, TOOL_FIELDS))
        })
        .or_else(|| {
            places
                .clone()
                .find_map(|place| unknown_field(place, PLACE_FIELDS))
        });
    if let Some(field) = unknown {
        let message = format!("invalid request body: json: unknown field \"{field}\"");
        return Some(error(400, "invalid_request", &message, Some(field)));
    }
    let of_anthropic =
        text_at(request, "/model").is_some_and(|model| model.starts_with("anthropic/"));
    if of_anthropic && request.get("max_output_tokens").is_none() {
        let message =
            "validation failed: max_output_tokens is required when using Anthropic models";
        return Some(error(400, "invalid_request", message, None));
    }
    None
}

fn unknown_field<'a>(object: &'a Value, known: &[&str]) -> Option<&'a str> {
    let fields = object.as_object()?.keys().map(String::as_str);
    fields.into_iter().find(|field| !known.contains(field))
}

/// An error as it writes them.
pub(super) fn error(status: u16, kind: &str, message: &str, field: Option<&str>) -> Value {
    let mut error = json!({"message": message, "type": kind, "code": status});
    if let Some(field) = field {
        error["param"] = json!(field);
    }
    json!({ "error": error })
}

/// Whether a request makes the model search: one that merely may search does without.
pub(super) fn searches(request: &Value) -> bool {
    let offered = items(request, "/tools")
        .iter()
        .any(|tool| text_at(tool, "/type") == Some("web_search"));
    let forced = match request.get("tool_choice") {
        Some(Value::String(word)) => word == "required",
        Some(choice) => matches!(text_at(choice, "/type"), Some("web_search" | "required")),
        None => false,
    };
    offered && forced
}

/// What is said about a run that nobody has kept: what is no id is told apart.
pub(super) fn no_such_run(id: &str) -> (u16, Value) {
    let is_id = id
        .strip_prefix("resp_")
        .is_some_and(|rest| rest.len() == 36 && rest.bytes().all(is_of_uuid));
    if is_id {
        (404, error(404, "not_found", "resource not found", None))
    } else {
        (
            400,
            error(400, "invalid_request", "invalid response id", None),
        )
    }
}

const fn is_of_uuid(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
}

/// What is said to whoever still asks Sonar.
pub(super) fn sonar_has_ended() -> (u16, Value) {
    let message = "Sonar is now the Agent API. Use /v1/responses instead of /v1/sonar.";
    (
        403,
        error(403, "chat_completions_not_available", message, None),
    )
}

/// The answer: what was searched, then a message whose markers name the results by their ids.
pub(super) fn answer(asked: &Asked, draft: &Draft, number: u64) -> Value {
    let Rendered { text, .. } = render(draft, |index, _| format!("[{}]", index + 1));
    let message = json!({
        "id": format!("msg_sim_{number}"), "type": "message", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    });
    let results: Vec<Value> = (1..)
        .zip(&draft.sources)
        .map(|(id, source)| {
            json!({
                "id": id, "title": source.title, "url": source.url, "snippet": "", "source": "web",
                "last_updated": "2026-10-02",
            })
        })
        .collect();
    let search = json!({"type": "search_results", "queries": [draft.query], "results": results});
    let output = if draft.searches > 0 {
        vec![search, message]
    } else {
        vec![message]
    };
    let reason = draft
        .truncated
        .then(|| json!({"reason": "max_output_tokens"}));
    json!({
        "id": format!("resp_sim_{number}"), "object": "response", "created_at": 1_767_225_600,
        "status": if draft.truncated { "incomplete" } else { "completed" },
        "incomplete_details": reason, "error": null, "model": asked.model, "output": output,
        "service_tier": "default", "store": false, "usage": usage(draft),
    })
}

/// A million tokens read cost a quarter of a dollar, written 2.50; a search a quarter of a cent.
/// The sum is rounded as the provider rounds it.
fn usage(draft: &Draft) -> Value {
    let hundred_thousandths =
        |nanos: i64| f64::from(i32::try_from((nanos + 5_000) / 10_000).unwrap_or(i32::MAX)) / 1e5;
    let fees = draft.searches * 2_500_000;
    let nanos = draft.input_tokens * 250 + draft.output_tokens * 2_500 + fees;
    let mut usage = json!({
        "input_tokens": draft.input_tokens, "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": draft.output_tokens, "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": draft.input_tokens + draft.output_tokens,
        "cost": {"currency": "USD", "total_cost": hundred_thousandths(nanos)},
    });
    if draft.searches > 0 {
        let fee = hundred_thousandths(fees);
        usage["tool_calls_details"] =
            json!({"search_web": {"invocation": draft.searches, "cost_usd": fee}});
        usage["cost"]["tool_calls_cost"] = json!(fee);
    }
    usage
}

/// The models that it resells, and its own.
pub(super) fn catalogue() -> Vec<Value> {
    let model = |(id, input, output, cached): (&str, f64, f64, f64)| {
        json!({
            "id": id, "object": "model", "created": 0, "owned_by": id.split('/').next(),
            "pricing": {"input": input, "output": output, "cache_read": cached, "unit": "usd_per_1m_tokens"},
        })
    };
    [
        ("openai/gpt-6-luna", 0.1, 0.5, 0.01),
        ("anthropic/claude-haiku-5-5", 0.1, 0.5, 0.01),
        ("perplexity/sonar", 0.25, 2.5, 0.0625),
    ]
    .into_iter()
    .map(model)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_it_does_not_know_is_refused_at_any_depth() {
        let fine = json!({"model": "perplexity/sonar", "input": "a", "max_output_tokens": 16, "store": false,
            "tools": [{"type": "web_search", "search_type": "web", "user_location": {"country": "ES"}}],
            "tool_choice": {"type": "web_search"}});
        assert_eq!(refusal(&fine), None);
        assert!(searches(&fine));
        let param = |change: fn(&mut Value)| {
            let mut request = fine.clone();
            change(&mut request);
            refusal(&request).map(|body| body["error"]["param"].clone())
        };
        assert_eq!(
            param(|request| request["max_tokens"] = json!(5)),
            Some(json!("max_tokens"))
        );
        assert_eq!(
            param(|request| request["tools"][0]["max_uses"] = json!(5)),
            Some(json!("max_uses"))
        );
        let typed: fn(&mut Value) =
            |request| request["tools"][0]["user_location"]["type"] = json!("approximate");
        assert_eq!(param(typed), Some(json!("type")));
        assert_eq!(
            no_such_run("resp_00000000-0000-4000-8000-000000000000").0,
            404
        );
        assert_eq!(no_such_run("resp_7").0, 400);
    }
}
