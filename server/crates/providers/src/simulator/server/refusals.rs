//! How each provider says no.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde_json::{Value, json};

use super::agent;
use super::protocols::Protocol;

/// Why a request gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoKey,
    BadKey,
    Malformed,
    NoSuchModel,
    Status(u16),
}

/// Every key is good but an empty one and those that begin with `bad`.
pub(super) fn key(headers: &HeaderMap) -> Option<Refusal> {
    match super::key(headers) {
        None => Some(Refusal::NoKey),
        Some(key) if key.starts_with("bad") => Some(Refusal::BadKey),
        Some(_) => None,
    }
}

/// Status and body of the refusal.
pub(super) fn body(
    protocol: Protocol,
    refusal: Refusal,
    retry_after: Duration,
    request_id: &str,
) -> (u16, Value) {
    match protocol {
        Protocol::Responses | Protocol::Chat => openai(protocol, refusal),
        Protocol::Messages => anthropic(refusal, request_id),
        Protocol::GenerateContent => google(refusal, retry_after),
        Protocol::Agent => perplexity(refusal),
    }
}

fn openai(protocol: Protocol, refusal: Refusal) -> (u16, Value) {
    let (status, kind, code, message) = match refusal {
        Refusal::NoKey => (
            401,
            "invalid_request_error",
            Value::Null,
            "No API key was sent.",
        ),
        Refusal::BadKey => (
            401,
            "invalid_request_error",
            json!("invalid_api_key"),
            "Incorrect API key provided: bad-***.",
        ),
        Refusal::Malformed => (
            400,
            "invalid_request_error",
            Value::Null,
            "The request cannot be read.",
        ),
        Refusal::NoSuchModel => (
            if protocol == Protocol::Responses {
                400
            } else {
                404
            },
            "invalid_request_error",
            json!("model_not_found"),
            "The requested model does not exist.",
        ),
        Refusal::Status(429) => (
            429,
            "requests",
            json!("rate_limit_exceeded"),
            "Rate limit reached for requests.",
        ),
        Refusal::Status(status) if status >= 500 => (
            status,
            "server_error",
            Value::Null,
            "The server had an error.",
        ),
        Refusal::Status(status) => (
            status,
            "invalid_request_error",
            Value::Null,
            "The request is refused.",
        ),
    };
    (
        status,
        json!({"error": {"message": message, "type": kind, "param": null, "code": code}}),
    )
}

fn anthropic(refusal: Refusal, request_id: &str) -> (u16, Value) {
    let (status, kind, message) = match refusal {
        Refusal::NoKey => (401, "authentication_error", "x-api-key header is required"),
        Refusal::BadKey => (401, "authentication_error", "invalid x-api-key"),
        Refusal::Malformed => (400, "invalid_request_error", "the request cannot be read"),
        Refusal::NoSuchModel => (404, "not_found_error", "model: missing"),
        Refusal::Status(429) => (429, "rate_limit_error", "this would exceed your rate limit"),
        Refusal::Status(529) => (529, "overloaded_error", "Overloaded"),
        Refusal::Status(status) if status >= 500 => (status, "api_error", "Internal server error"),
        Refusal::Status(status) => (status, "invalid_request_error", "the request is refused"),
    };
    (
        status,
        json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}),
    )
}

fn google(refusal: Refusal, retry_after: Duration) -> (u16, Value) {
    let (status, word, message, details) = match refusal {
        Refusal::NoKey => (
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity).",
            json!([]),
        ),
        Refusal::BadKey => (
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            json!([
                {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
            ]),
        ),
        Refusal::Malformed => (
            400,
            "INVALID_ARGUMENT",
            "The request cannot be read.",
            json!([]),
        ),
        Refusal::NoSuchModel => (
            404,
            "NOT_FOUND",
            "models/missing is not found for API version v1beta.",
            json!([]),
        ),
        Refusal::Status(429) => (
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota, please check your plan and billing details.",
            json!([
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [
                    {"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}
                ]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": format!("{}s", retry_after.as_secs_f64())},
            ]),
        ),
        Refusal::Status(503) => (
            503,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.",
            json!([]),
        ),
        Refusal::Status(status) if status >= 500 => (
            status,
            "INTERNAL",
            "An internal error has occurred.",
            json!([]),
        ),
        Refusal::Status(status) => (
            status,
            "INVALID_ARGUMENT",
            "The request is refused.",
            json!([]),
        ),
    };
    (
        status,
        json!({"error": {"code": status, "message": message, "status": word, "details": details}}),
    )
}

fn perplexity(refusal: Refusal) -> (u16, Value) {
    let (status, kind, message) = match refusal {
        Refusal::NoKey | Refusal::BadKey => (
            401,
            "invalid_api_key",
            "Invalid API key provided. Ensure your API key is correct and active.",
        ),
        Refusal::Malformed => (
            400,
            "invalid_request",
            "validation failed: input is required",
        ),
        Refusal::NoSuchModel => (400, "invalid_model", "Invalid model 'missing'."),
        Refusal::Status(429) => (429, "request_rate_limit_exceeded", "Too many requests."),
        Refusal::Status(status) if status >= 500 => (status, "internal_error", "Internal error."),
        Refusal::Status(status) => (status, "invalid_request", "The request is refused."),
    };
    (status, agent::error(status, kind, message, None))
}

/// Adds what the provider sends beside a rate limit; Google's wait stands in the body.
pub(super) fn retry_headers(
    protocol: Protocol,
    refusal: Refusal,
    retry_after: Duration,
    mut response: Response,
) -> Response {
    let headers = response.headers_mut();
    if protocol == Protocol::Messages && refusal == Refusal::Status(529) {
        headers.insert("x-should-retry", HeaderValue::from_static("true"));
    }
    if refusal != Refusal::Status(429) || protocol == Protocol::GenerateContent {
        return response;
    }
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    add("retry-after", retry_after.as_secs_f64().to_string());
    if matches!(protocol, Protocol::Responses | Protocol::Chat) {
        add("retry-after-ms", retry_after.as_millis().to_string());
    }
    response
}
