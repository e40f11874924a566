//! Errors as programs get them: `application/problem+json` with field errors (RFC 9457).

use std::panic::AssertUnwindSafe;

use app::api::error::{ApiError, ErrorCode, FieldError};
use app::model::language::Language;
use app::texts::errors;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::ToSchema;

use super::session::language_of;
use crate::services::Services;
use crate::services::error::internal;

/// An error that becomes a response.
#[derive(Debug)]
pub struct Problem(pub ApiError);

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl Problem {
    /// An error with the message of its code in a language.
    pub fn plain(code: ErrorCode, language: Language) -> Self {
        let text = match code {
            ErrorCode::Unauthorized => errors::UNAUTHORIZED,
            ErrorCode::Forbidden => errors::FORBIDDEN,
            ErrorCode::NotFound => errors::NOT_FOUND,
            ErrorCode::TooLarge => errors::TOO_LARGE,
            ErrorCode::Unavailable => errors::BUSY,
            _ => errors::BAD_REQUEST,
        };
        Self(ApiError::new(code, text.get(language)))
    }
}

/// What went wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument<'a> {
    /// False.
    success: bool,
    /// A name of the kind of problem: `urn:parallax:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What to do about it, in the caller's language.
    title: &'a str,
    /// HTTP status.
    status: u16,
    /// The kind of problem.
    code: ErrorCode,
    /// One a wrong field.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    /// What the host's log has too.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
}

/// HTTP status of an error.
pub(super) fn status_of(error: &ApiError) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        problem(self.0, status)
    }
}

/// The error as JSON; also as an extension, for whoever tells it in another shape.
pub(super) fn problem(error: ApiError, status: StatusCode) -> Response {
    let body = ProblemDocument {
        success: false,
        kind: format!("urn:parallax:problem:{}", error.code.word()),
        title: &error.message,
        status: status.as_u16(),
        code: error.code,
        errors: &error.fields,
        reference: error.reference.as_deref(),
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(seconds) = error.retry_after_seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(error);
    response
}

/// Under `/api` an unknown address is no page.
pub(super) async fn no_such_endpoint(services: Services) -> Problem {
    Problem::plain(ErrorCode::NotFound, services.language())
}

/// Refusals of the framework and of the layers (a wrong method, another site) get the shape that
/// the caller reads: a problem, or for the browser's own calls the error of server functions.
pub(super) async fn as_problem(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_call = path.starts_with("/api/fn/");
    if !path.starts_with("/api/") {
        return next.run(request).await;
    }
    let language = language_of(request.headers());
    let mut response = next.run(request).await;
    if !(response.status().is_client_error() || response.status().is_server_error()) {
        return response;
    }
    let error = response.extensions_mut().remove::<ApiError>();
    // A page of ours says itself what is wrong.
    let has_own_message = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json") || value.contains("html"));
    match error {
        Some(error) if is_call => in_place_of(response, Json(error).into_response()),
        None if !has_own_message => {
            let error = refusal(&response, language);
            // 405 says more than the 400 of the code.
            let status = response.status();
            let replacement = if is_call {
                Json(error).into_response()
            } else {
                problem(error, status)
            };
            in_place_of(response, replacement)
        }
        _ => response,
    }
}

/// What a response without words means.
fn refusal(response: &Response, language: Language) -> ApiError {
    if response.status() == StatusCode::REQUEST_TIMEOUT {
        return ApiError::new(ErrorCode::BadRequest, errors::TOO_SLOW.get(language));
    }
    let code = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        _ => ErrorCode::BadRequest,
    };
    Problem::plain(code, language).0
}

/// Another body; the status stays, and so do all other headers.
fn in_place_of(response: Response, replacement: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    let (new_parts, body) = replacement.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    if let Some(content_type) = new_parts.headers.get(CONTENT_TYPE) {
        parts.headers.insert(CONTENT_TYPE, content_type.clone());
    }
    Response::from_parts(parts, body)
}

/// A panic is an error of ours, and of this request only.
pub(super) async fn catch_panics(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| {
            let cause = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("panic");
            Problem(internal(language, cause)).into_response()
        })
}
