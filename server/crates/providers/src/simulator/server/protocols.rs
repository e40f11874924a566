//! The shapes of questions and answers in each protocol.

use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Value, json};

use super::super::writer::{Draft, Source};
use super::agent;
use crate::json::{items, present, text_at};

/// A protocol that the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Responses,
    Chat,
    Messages,
    GenerateContent,
    Agent,
}

/// A question as it came in.
pub(super) struct Asked {
    pub(super) model: String,
    pub(super) text: String,
    pub(super) instruction: String,
    pub(super) search: bool,
    pub(super) max_output_tokens: u32,
    /// The tool that must be called with the answer.
    pub(super) tool: Option<String>,
}

impl Protocol {
    /// Reads a request; `None` if it holds no question.
    pub(super) fn read(self, json: &Value, model_in_path: Option<&str>) -> Option<Asked> {
        let model = model_in_path
            .or_else(|| text_at(json, "/model"))?
            .to_owned();
        let (text, instruction) = match self {
            Self::Responses | Self::Agent => (
                responses_input(json),
                text_at(json, "/instructions").map(str::to_owned),
            ),
            Self::GenerateContent => (
                last_text(items(json, "/contents"), "user", "/parts"),
                Some(joined(json.pointer("/systemInstruction/parts"))),
            ),
            Self::Messages => (
                last_text(items(json, "/messages"), "user", "/content"),
                Some(joined(json.get("system"))),
            ),
            Self::Chat => {
                let turns = items(json, "/messages");
                (
                    last_text(turns, "user", "/content"),
                    last_text(turns, "system", "/content"),
                )
            }
        };
        let limit = [
            "/max_output_tokens",
            "/max_completion_tokens",
            "/max_tokens",
            "/generationConfig/maxOutputTokens",
        ]
        .into_iter()
        .find_map(|pointer| json.pointer(pointer)?.as_u64());
        Some(Asked {
            model,
            text: text.filter(|text| !text.trim().is_empty())?,
            instruction: instruction.unwrap_or_default(),
            search: match self {
                Self::Agent => agent::searches(json),
                _ => !items(json, "/tools").is_empty() || present(json, "/web_search_options"),
            },
            max_output_tokens: limit
                .and_then(|limit| u32::try_from(limit).ok())
                .unwrap_or(4096),
            tool: text_at(json, "/tool_choice/name").map(str::to_owned),
        })
    }

    /// The answer in this protocol's shape.
    pub(super) fn answer(self, asked: &Asked, draft: &Draft, number: u64) -> Value {
        match self {
            Self::Responses => responses(asked, draft, number),
            Self::Chat => chat(asked, draft, number),
            Self::Messages => messages(asked, draft, number),
            Self::GenerateContent => generate_content(asked, draft, number),
            Self::Agent => agent::answer(asked, draft, number),
        }
    }

    /// Adds the headers that this provider sends with every response.
    pub(super) fn label(self, mut response: Response, request_id: &str) -> Response {
        let fixed: &[(&'static str, &'static str)] = match self {
            Self::Responses | Self::Chat => &[
                ("x-ratelimit-limit-requests", "10000"),
                ("x-ratelimit-remaining-requests", "9999"),
                ("x-ratelimit-reset-requests", "6ms"),
                ("x-ratelimit-limit-tokens", "2000000"),
                ("x-ratelimit-remaining-tokens", "1999000"),
                ("x-ratelimit-reset-tokens", "30ms"),
            ],
            Self::Messages => &[
                ("anthropic-ratelimit-requests-limit", "4000"),
                ("anthropic-ratelimit-requests-remaining", "3999"),
                ("anthropic-ratelimit-tokens-limit", "2000000"),
                ("anthropic-ratelimit-tokens-remaining", "1999000"),
            ],
            Self::Agent => &[
                ("x-ratelimit-limit", "50"),
                ("x-ratelimit-remaining", "49"),
                ("x-ratelimit-used", "1"),
            ],
            Self::GenerateContent => &[],
        };
        let headers = response.headers_mut();
        if self == Self::Agent {
            // A second ahead, since 1970.
            let reset = chrono::Utc::now().timestamp() + 1;
            headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
        }
        for (name, value) in fixed {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let id_header = match self {
            Self::Responses | Self::Chat | Self::Agent => Some("x-request-id"),
            Self::Messages => Some("request-id"),
            Self::GenerateContent => None,
        };
        if let Some((name, value)) = id_header.zip(HeaderValue::from_str(request_id).ok()) {
            headers.insert(name, value);
        }
        response
    }

    /// The list of models in this protocol's shape.
    pub(super) fn model_list(self) -> Value {
        match self {
            Self::Messages => json!({"data": CLAUDE.map(claude_model), "has_more": false}),
            Self::GenerateContent => json!({"models": GEMINI.map(gemini_model)}),
            Self::Agent => json!({"object": "list", "data": agent::catalogue()}),
            Self::Responses | Self::Chat => json!({"object": "list", "data": GPT.map(gpt_model)}),
        }
    }
}

const GPT: [&str; 5] = [
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-nano",
    "gpt-4o",
    "text-embedding-3-small",
];
const CLAUDE: [&str; 4] = [
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-4-5-20251001",
    RETIRING,
];
/// A model whose list says that it will be taken away.
const RETIRING: &str = "claude-opus-5-5";
const RETIRING_IN: chrono::TimeDelta = chrono::TimeDelta::days(20);
const GEMINI: [(&str, &str); 3] = [
    ("gemini-3.5-flash", "generateContent"),
    ("gemini-2.5-flash", "generateContent"),
    ("gemini-embedding-001", "embedContent"),
];

fn gpt_model(id: &str) -> Value {
    json!({"id": id, "object": "model", "created": 1_767_225_600, "owned_by": "system"})
}

fn claude_model(id: &str) -> Value {
    let retires_at = (id == RETIRING).then(|| (chrono::Utc::now() + RETIRING_IN).to_rfc3339());
    json!({
        "type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z",
        "max_input_tokens": 200_000, "max_tokens": 64_000, "retires_at": retires_at,
    })
}

fn gemini_model((id, method): (&str, &str)) -> Value {
    json!({
        "name": format!("models/{id}"), "displayName": id,
        "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536,
        "supportedGenerationMethods": [method],
    })
}

fn responses_input(json: &Value) -> Option<String> {
    match json.get("input")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(turns) => last_text(turns, "user", "/content"),
        _ => None,
    }
}

/// The text of the last turn of a role.
fn last_text(turns: &[Value], role: &str, pointer: &str) -> Option<String> {
    let turn = turns
        .iter()
        .rev()
        .find(|turn| text_at(turn, "/role").unwrap_or("user") == role)?;
    Some(joined(turn.pointer(pointer)))
}

/// A text, or the texts of a list of parts.
fn joined(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| text_at(part, "/text"))
            .collect(),
        _ => String::new(),
    }
}

/// The text with a mark behind each piece that has a source, and where pieces and marks stand.
pub(super) struct Rendered {
    pub(super) text: String,
    /// Source, start and end of its piece, end of its mark; bytes.
    spans: Vec<(usize, usize, usize, usize)>,
}

pub(super) fn render(draft: &Draft, mark: impl Fn(usize, &Source) -> String) -> Rendered {
    let mut rendered = Rendered {
        text: String::new(),
        spans: Vec::new(),
    };
    for piece in &draft.pieces {
        let start = rendered.text.len();
        rendered.text.push_str(&piece.text);
        let end = rendered.text.len();
        if let Some((index, source)) = piece
            .source
            .and_then(|index| Some((index, draft.sources.get(index)?)))
        {
            rendered.text.push_str(&mark(index, source));
            rendered
                .spans
                .push((index, start, end, rendered.text.len()));
        }
    }
    rendered
}

fn tracked_link(_: usize, source: &Source) -> String {
    format!(" ([{}]({}?utm_source=openai))", source.host, source.url)
}

/// One note for each link; `OpenAI` counts characters.
fn annotations(draft: &Draft, rendered: &Rendered, nested: bool) -> Vec<Value> {
    let characters = |bytes: usize| {
        rendered
            .text
            .get(..bytes)
            .map_or(0, |text| text.chars().count())
    };
    let note = |(index, _, from, until): &(usize, usize, usize, usize)| {
        let source = draft.sources.get(*index)?;
        let fields = json!({
            "url": format!("{}?utm_source=openai", source.url),
            "title": source.title,
            "start_index": characters(*from) + 1,
            "end_index": characters(*until),
        });
        Some(if nested {
            json!({"type": "url_citation", "url_citation": fields})
        } else {
            let mut flat = fields;
            flat["type"] = json!("url_citation");
            flat
        })
    };
    rendered.spans.iter().filter_map(note).collect()
}

fn responses(asked: &Asked, draft: &Draft, number: u64) -> Value {
    let rendered = render(draft, tracked_link);
    let message = json!({
        "id": format!("msg_sim_{number}"), "type": "message", "role": "assistant", "status": "completed",
        "content": [{
            "type": "output_text", "logprobs": [],
            "annotations": annotations(draft, &rendered, false),
            "text": rendered.text,
        }],
    });
    let search = json!({
        "id": format!("ws_sim_{number}"), "type": "web_search_call", "status": "completed",
        "action": {"type": "search", "query": draft.query},
    });
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
        "tool_usage": {"web_search": {"num_requests": draft.searches}},
        "usage": {
            "input_tokens": draft.input_tokens, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": draft.output_tokens, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": draft.input_tokens + draft.output_tokens,
        },
    })
}

fn chat(asked: &Asked, draft: &Draft, number: u64) -> Value {
    let rendered = render(draft, tracked_link);
    json!({
        "id": format!("chatcmpl-sim-{number}"), "object": "chat.completion", "created": 1_767_225_600,
        "model": asked.model,
        "choices": [{
            "index": 0,
            "finish_reason": if draft.truncated { "length" } else { "stop" },
            "message": {
                "role": "assistant", "refusal": null,
                "annotations": annotations(draft, &rendered, true),
                "content": rendered.text,
            },
        }],
        "usage": {
            "prompt_tokens": draft.input_tokens, "completion_tokens": draft.output_tokens,
            "total_tokens": draft.input_tokens + draft.output_tokens,
        },
    })
}

/// A draft that is one piece of JSON.
fn form_of(draft: &Draft) -> Option<Value> {
    let [piece] = draft.pieces.as_slice() else {
        return None;
    };
    serde_json::from_str(&piece.text).ok()
}

fn messages(asked: &Asked, draft: &Draft, number: u64) -> Value {
    let call = format!("srvtoolu_sim_{number}");
    let mut content = Vec::new();
    let filled = asked.tool.as_ref().zip(form_of(draft));
    let is_form = filled.is_some();
    if let Some((name, input)) = filled {
        let id = format!("toolu_sim_{number}");
        content.push(json!({"type": "tool_use", "id": id, "name": name, "input": input}));
    }
    if draft.searches > 0 {
        let results: Vec<Value> = draft
            .sources
            .iter()
            .map(|source| {
                json!({
                    "type": "web_search_result", "url": source.url, "title": source.title,
                    "encrypted_content": "c2lt", "page_age": null,
                })
            })
            .collect();
        content.push(json!({"type": "server_tool_use", "id": call, "name": "web_search", "input": {"query": draft.query}}));
        content.push(
            json!({"type": "web_search_tool_result", "tool_use_id": call, "content": results}),
        );
    }
    for piece in draft.pieces.iter().filter(|_| !is_form) {
        let source = piece.source.and_then(|index| draft.sources.get(index));
        content.push(match source {
            Some(source) => json!({"type": "text", "text": piece.text, "citations": [{
                "type": "web_search_result_location", "url": source.url, "title": source.title,
                "cited_text": piece.text, "encrypted_index": "c2lt",
            }]}),
            None => json!({"type": "text", "text": piece.text}),
        });
    }
    json!({
        "id": format!("msg_sim_{number}"), "type": "message", "role": "assistant", "model": asked.model,
        "content": content,
        "stop_reason": if draft.truncated { "max_tokens" } else { "end_turn" },
        "stop_sequence": null,
        "usage": {
            "input_tokens": draft.input_tokens, "output_tokens": draft.output_tokens,
            "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0,
            "server_tool_use": {"web_search_requests": draft.searches},
        },
    })
}

fn generate_content(asked: &Asked, draft: &Draft, number: u64) -> Value {
    let rendered = render(draft, |_, _| String::new());
    let mut candidate = json!({
        "content": {"role": "model", "parts": [{"text": rendered.text}]},
        "finishReason": if draft.truncated { "MAX_TOKENS" } else { "STOP" },
        "index": 0,
    });
    if draft.searches > 0 {
        let chunks: Vec<Value> = draft.sources.iter().enumerate().map(|(index, source)| json!({"web": {
            "uri": format!("https://vertexaisearch.cloud.google.com/grounding-api-redirect/sim{number}-{index}"),
            "title": source.host.trim_start_matches("www."),
        }})).collect();
        let supports: Vec<Value> = rendered.spans.iter().map(|(index, start, end, _)| json!({
            "segment": {"startIndex": start, "endIndex": end, "text": rendered.text.get(*start..*end)},
            "groundingChunkIndices": [index],
        })).collect();
        candidate["groundingMetadata"] = json!({
            "webSearchQueries": [draft.query], "groundingChunks": chunks, "groundingSupports": supports,
        });
    }
    json!({
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": draft.input_tokens, "candidatesTokenCount": draft.output_tokens,
            "totalTokenCount": draft.input_tokens + draft.output_tokens,
        },
        "modelVersion": asked.model, "responseId": format!("sim-{number}"),
    })
}
