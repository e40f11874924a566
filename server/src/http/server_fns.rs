//! Server functions: the browser's calls, bound to the caller of each request.

use std::sync::Arc;

use app::api::Ports;
use app::api::error::{ApiError, ErrorCode};
use app::model::language::Language;
use app::texts::errors;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;

use super::at_work::AtWork;
use super::bodies::{ANONYMOUS_LIMIT, BODY_LIMIT, BodyRoom, FILE_CALL_LIMIT};
use super::problem::{Problem, status_of};
use crate::auth::Need;
use crate::services::Services;
use crate::services::error::internal;

/// The calls that carry a file, and are for admins only.
const FILE_CALLS: [&str; 1] = ["/api/fn/models/import-preview"];

/// Runs the server function that the address names.
pub(super) async fn handle(
    State(room): State<Arc<BodyRoom>>,
    State(at_work): State<Arc<AtWork>>,
    services: Services,
    request: Request,
) -> Response {
    let mut response = answer(&room, &at_work, &services, request)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn answer(
    room: &Arc<BodyRoom>,
    at_work: &AtWork,
    services: &Services,
    request: Request,
) -> Result<Response, Problem> {
    let language = services.language();
    if !is_json(request.headers()) {
        return Ok(no_json(language));
    }
    let (limit, refusal) = limit_of(services, request.uri().path());
    let refused = |problem: Problem| match &refusal {
        Some(refusal) if problem.0.code == ErrorCode::TooLarge => Problem(refusal.clone()),
        _ => problem,
    };
    let body = room.read(services, request, limit).await;
    let (head, bytes, taken) = body.map_err(refused)?;
    let underway = at_work.begin(services, taken).await?;
    let mut request = Request::from_parts(head, Body::from(bytes));
    // What was read is within its limit, which need not be that of all other bodies.
    DefaultBodyLimit::disable().apply(&mut request);
    let ports: Arc<dyn Ports> = Arc::new(services.clone());
    let context = move || provide_context(Arc::clone(&ports));
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    drop(underway);
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(with_status_of_error(language, response).await);
    }
    Ok(response)
}

/// A form of another site can send texts and forms, but no JSON without asking first.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// What is said of a body that is no JSON.
pub(super) fn no_json(language: Language) -> Response {
    let error = ApiError::new(ErrorCode::BadRequest, errors::JSON_ONLY.get(language));
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, Json(error)).into_response()
}

/// How many bytes a call may have, and the error for one with more. There is an error if only other
/// callers may send that many.
pub(super) fn limit_of(services: &Services, path: &str) -> (usize, Option<ApiError>) {
    let ordinary = match services.caller() {
        Ok(_) => BODY_LIMIT,
        Err(_) => ANONYMOUS_LIMIT,
    };
    if !FILE_CALLS.contains(&path) {
        return (ordinary, None);
    }
    match services.check(Need::Admin) {
        Ok(()) => (FILE_CALL_LIMIT, None),
        Err(refusal) => (ordinary, Some(refusal)),
    }
}

/// The framework answers every error with 500; which one it is stands in the body. What it says
/// itself, that arguments cannot be read or that it failed, has no words for people.
async fn with_status_of_error(language: Language, response: Response) -> Response {
    let (head, body) = response.into_parts();
    let text = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let error = match serde_json::from_slice::<ApiError>(&text) {
        Ok(error) if error.code == ErrorCode::BadRequest => {
            Problem::plain(ErrorCode::BadRequest, language).0
        }
        Ok(error) if error.code != ErrorCode::Internal || error.reference.is_some() => error,
        _ => internal(language, &String::from_utf8_lossy(&text)),
    };
    let status = status_of(&error);
    let wait = error.retry_after_seconds;
    let mut response = (status, Json(error)).into_response();
    let headers = response.headers_mut();
    for (name, value) in &head.headers {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            headers.insert(name.clone(), value.clone());
        }
    }
    if let Some(seconds) = wait {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answered(body: String) -> (StatusCode, ApiError) {
        let response = (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
        let response = with_status_of_error(Language::Spanish, response).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), BODY_LIMIT)
            .await
            .expect("a body");
        (status, serde_json::from_slice(&bytes).expect("an error"))
    }

    #[tokio::test]
    async fn what_failed_is_told_from_what_cannot_be_read_and_from_what_was_refused() {
        let text = |error: &ApiError| serde_json::to_string(error).expect("JSON");
        let unreadable = ApiError::new(ErrorCode::BadRequest, "bad request");
        let (status, error) = answered(text(&unreadable)).await;
        assert_eq!(status, 400);
        assert_eq!(error.message, errors::BAD_REQUEST.get(Language::Spanish));

        let refused = ApiError {
            retry_after_seconds: Some(7),
            ..ApiError::new(ErrorCode::TooManyRequests, "wait")
        };
        assert_eq!(
            answered(text(&refused)).await,
            (StatusCode::TOO_MANY_REQUESTS, refused)
        );

        for broken in [
            text(&ApiError::new(ErrorCode::Internal, "internal")),
            "oh".to_owned(),
        ] {
            let (status, error) = answered(broken).await;
            assert_eq!(
                (status, error.code),
                (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal)
            );
            assert!(error.reference.is_some(), "the log has it too");
        }
    }
}
