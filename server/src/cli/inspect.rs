//! `parallax inspect FILE`: what the adapters make of one recorded exchange.

use std::fs;
use std::io;
use std::path::Path;

use app::model::money::Money;
use http::{HeaderMap, HeaderName, HeaderValue};
use providers::adapter::Adapter;
use providers::{Answer, ErrorClass, Failure, Outcome};
use serde::Serialize;
use serde_json::Value;

/// Why a recording cannot be inspected.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Read(#[from] io::Error),
    /// The file is no recording.
    #[error("not a recording: {0}")]
    NotARecording(String),
    /// No adapter speaks the recorded protocol.
    #[error("not supported: {0}")]
    NotSupported(String),
}

/// A recorded exchange, ready to be read by its adapter.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The adapter that speaks the recorded protocol.
    pub adapter: Adapter,
    /// HTTP status of the response.
    pub status: u16,
    /// Headers of the response.
    pub headers: HeaderMap,
    /// Body of the response.
    pub body: Vec<u8>,
}

/// What the adapter made of a response, in the shape that the command prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// How the ask would end.
    pub outcome: Outcome,
    /// The class of the failure; also of refusals and blocked answers.
    pub error_class: Option<ErrorClass>,
    /// Whether another attempt may succeed.
    pub retry: bool,
    /// How long to wait before it.
    pub retry_after_ms: Option<u64>,
    /// The visible text.
    pub text: String,
    /// The provider's own word for why it stopped.
    pub finish: Option<String>,
    /// The model that answered.
    pub model_served: Option<String>,
    /// Tokens read, cached ones included.
    pub input_tokens: Option<i64>,
    /// Tokens written, reasoning included.
    pub output_tokens: Option<i64>,
    /// Tokens read from a cache.
    pub cached_tokens: Option<i64>,
    /// Tokens of reasoning.
    pub reasoning_tokens: Option<i64>,
    /// Searches that are billed.
    pub searches: Option<i64>,
    /// What the provider says that this cost.
    pub cost_reported_nano_usd: Option<i64>,
    /// The cited sources.
    pub citations: Vec<InspectedCitation>,
    /// What the model looked up, in its own words.
    pub search_queries: Vec<String>,
    /// The provider's id of the request.
    pub request_id: Option<String>,
}

/// A citation in the shape that the command prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InspectedCitation {
    /// Where it points.
    pub url: String,
    /// The page's title.
    pub title: Option<String>,
    /// Byte offset in `text` where the cited passage begins.
    pub start: Option<usize>,
    /// Byte offset behind its end.
    pub end: Option<usize>,
    /// Whether the answer refers to it; else it was merely retrieved.
    pub cited: bool,
}

/// Reads the recording in `file` and gives what its adapter makes of it, as JSON.
pub fn run(file: &Path) -> Result<String, InspectError> {
    let recording = Recording::read(&fs::read(file)?)?;
    let result = recording
        .adapter
        .parse(recording.status, &recording.headers, &recording.body);
    let inspection = Inspection::from(result);
    serde_json::to_string_pretty(&inspection)
        .map_err(|error| InspectError::NotARecording(error.to_string()))
}

impl Recording {
    /// Reads a recording from its JSON: provider, api and response {status, headers, body}.
    pub fn read(bytes: &[u8]) -> Result<Self, InspectError> {
        let invalid = |what: &str| InspectError::NotARecording(what.to_owned());
        let json: Value =
            serde_json::from_slice(bytes).map_err(|error| invalid(&error.to_string()))?;
        let word = |name: &str| json.get(name).and_then(Value::as_str);
        let provider = word("provider").ok_or_else(|| invalid("it has no provider"))?;
        let api = word("api").ok_or_else(|| invalid("it has no api"))?;
        let response = json
            .get("response")
            .ok_or_else(|| invalid("it has no response"))?;
        let status = response.get("status").and_then(Value::as_u64);
        let status = status
            .and_then(|status| u16::try_from(status).ok())
            .ok_or_else(|| invalid("its response has no status"))?;
        let headers = headers(response.get("headers"));
        let body = body(response.get("body"));
        if is_stream(&headers, &body) {
            return Err(InspectError::NotSupported("streamed responses".to_owned()));
        }
        let adapter = adapter(provider, api, status)?;
        Ok(Self {
            adapter,
            status,
            headers,
            body,
        })
    }
}

fn headers(recorded: Option<&Value>) -> HeaderMap {
    let pairs = recorded.and_then(Value::as_object).into_iter().flatten();
    let read = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let name = HeaderName::try_from(name.as_str()).ok()?;
        Some((name, HeaderValue::try_from(value).ok()?))
    };
    pairs.filter_map(read).collect()
}

fn body(recorded: Option<&Value>) -> Vec<u8> {
    match recorded {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => text.clone().into_bytes(),
        Some(json) => json.to_string().into_bytes(),
    }
}

fn is_stream(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.contains("event-stream") || body.starts_with(b"data:") || body.starts_with(b"event:")
}

/// The adapter for a recording's `provider` and `api`. An error in answer to a list of models
/// looks like any other error of its provider.
fn adapter(provider: &str, api: &str, status: u16) -> Result<Adapter, InspectError> {
    let is_error = status >= 400;
    let adapter = match (provider, api) {
        ("openai" | "xai" | "azure", "responses") => Adapter::Responses,
        ("anthropic", "messages") => Adapter::Messages,
        ("gemini" | "google", "generateContent") => Adapter::GenerateContent,
        ("perplexity", "agent" | "responses") => Adapter::Agent,
        ("perplexity", "chat") => Adapter::Sonar,
        (_, "chat") if SPEAK_CHAT.contains(&provider) => Adapter::Chat,
        ("anthropic", "models") if is_error => Adapter::Messages,
        ("gemini" | "google", "models") if is_error => Adapter::GenerateContent,
        ("perplexity", "models") if is_error => Adapter::Agent,
        (_, "models") if is_error && SPEAK_CHAT.contains(&provider) => Adapter::Chat,
        (_, "models") => {
            let what = format!("a list of models ({provider}) holds no answer");
            return Err(InspectError::NotSupported(what));
        }
        _ => {
            return Err(InspectError::NotSupported(format!(
                "the protocol {provider}/{api}"
            )));
        }
    };
    Ok(adapter)
}

/// Providers whose `chat` is chat completions.
const SPEAK_CHAT: &[&str] = &[
    "azure",
    "compatible",
    "deepseek",
    "groq",
    "mistral",
    "ollama",
    "openai",
    "openai-compatible",
    "openrouter",
    "xai",
];

impl From<Result<Answer, Failure>> for Inspection {
    fn from(result: Result<Answer, Failure>) -> Self {
        match result {
            Ok(answer) => Self::of_answer(answer),
            Err(failure) => Self::of_failure(failure),
        }
    }
}

impl Inspection {
    fn of_answer(answer: Answer) -> Self {
        let error_class = match answer.outcome {
            Outcome::Refused => Some(ErrorClass::Refused),
            Outcome::Blocked => Some(ErrorClass::ContentBlocked),
            Outcome::Answered | Outcome::Truncated | Outcome::Empty | Outcome::Failed => None,
        };
        let citations = answer.citations.into_iter().map(|cited| InspectedCitation {
            url: cited.url,
            title: cited.title,
            start: cited.start,
            end: cited.end,
            cited: cited.cited,
        });
        Self {
            outcome: answer.outcome,
            error_class,
            retry: false,
            retry_after_ms: None,
            text: answer.text,
            finish: answer.finish,
            model_served: answer.model_served,
            input_tokens: answer.usage.input_tokens,
            output_tokens: answer.usage.output_tokens,
            cached_tokens: answer.usage.cached_tokens,
            reasoning_tokens: answer.usage.reasoning_tokens,
            searches: answer.usage.searches,
            cost_reported_nano_usd: answer.cost_reported.map(Money::nanos),
            citations: citations.collect(),
            search_queries: answer.search_queries,
            request_id: answer.request_id,
        }
    }

    fn of_failure(failure: Failure) -> Self {
        let outcome = match failure.class {
            ErrorClass::ContentBlocked => Outcome::Blocked,
            ErrorClass::Refused => Outcome::Refused,
            _ => Outcome::Failed,
        };
        let wait = failure
            .retry_after
            .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        Self {
            outcome,
            error_class: Some(failure.class),
            retry: failure.retry,
            retry_after_ms: wait,
            text: String::new(),
            finish: None,
            model_served: None,
            input_tokens: None,
            output_tokens: None,
            cached_tokens: None,
            reasoning_tokens: None,
            searches: None,
            cost_reported_nano_usd: None,
            citations: Vec::new(),
            search_queries: Vec::new(),
            request_id: failure.request_id,
        }
    }
}
