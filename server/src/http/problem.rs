//! Errors as programs get them: `application/problem+json` with field errors (RFC 9457).

use std::any::Any;

use app::api::error::{ApiError, ErrorCode};
use app::model::language::Language;
use app::texts::errors;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

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

/// HTTP status of an error.
pub(super) fn status_of(error: &ApiError) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = status_of(&error);
        let mut body = json!({
            "success": false,
            "type": format!("urn:parallax:problem:{}", error.code.word()),
            "title": error.message,
            "status": status.as_u16(),
            "code": error.code.word(),
        });
        if !error.fields.is_empty() {
            body["errors"] = json!(error.fields);
        }
        if let Some(reference) = &error.reference {
            body["reference"] = json!(reference);
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = error.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Under `/api` an unknown address is no page.
pub(super) async fn no_such_endpoint() -> Problem {
    Problem::plain(ErrorCode::NotFound, Language::English)
}

/// Refusals of the framework (a wrong method, a body that is no JSON) get the same shape.
pub(super) async fn as_problem(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json"));
    let status = response.status();
    if is_json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        _ => ErrorCode::BadRequest,
    };
    let mut problem = Problem::plain(code, Language::English).into_response();
    // 405 and 415 say more than 400.
    *problem.status_mut() = status;
    if let Some(allow) = response.headers().get("allow") {
        problem.headers_mut().insert("allow", allow.clone());
    }
    problem
}

/// A panic is an error of ours, and of this request only.
pub(super) fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic");
    Problem(internal(Language::English, cause)).into_response()
}
