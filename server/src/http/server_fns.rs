//! Server functions: the browser's calls, bound to the caller of each request.

use std::sync::Arc;

use app::api::Ports;
use app::api::error::{ApiError, ErrorCode};
use app::texts::errors;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::StatusCode};
use leptos::prelude::provide_context;

use super::limits::body_limit;
use super::problem::{Problem, status_of};
use crate::services::Services;

/// Runs the server function that the address names.
pub(super) async fn handle(services: Services, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let limit = body_limit(head.uri.path(), Some(&services));
    let Ok(bytes) = to_bytes(body, limit).await else {
        return Problem::plain(ErrorCode::TooLarge, services.language()).into_response();
    };
    let mut request = Request::from_parts(head, Body::from(bytes));
    // What was read is within its limit, which need not be that of all other bodies.
    DefaultBodyLimit::disable().apply(&mut request);
    let ports: Arc<dyn Ports> = Arc::new(services.clone());
    let context = move || provide_context(Arc::clone(&ports));
    let mut response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    // The framework answers every error with 500. What a service said has a status of its
    // own; anything else is an argument that could not be read.
    match services.failure() {
        Some(error) => {
            *response.status_mut() = status_of(&error);
            if let Some(seconds) = error.retry_after_seconds {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
        None => unreadable(&services, response),
    }
}

fn unreadable(services: &Services, response: Response) -> Response {
    let error = ApiError::new(
        ErrorCode::BadRequest,
        errors::BAD_REQUEST.get(services.language()),
    );
    let mut replaced = (status_of(&error), Json(error)).into_response();
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != "content-length" {
            replaced.headers_mut().insert(name, value.clone());
        }
    }
    replaced
}
