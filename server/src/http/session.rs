//! Who sends a request: by session cookie or by token; and in which language they read.

use std::sync::Arc;

use app::api::error::ErrorCode;
use app::model::language::{self, Language};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use super::client_address::Client;
use super::cookies::{removal_of_former, session_cookie, session_token};
use super::front::Front;
use super::head::{Authorization, authorization};
use super::limits::RateLimits;
use super::look_ups::LookUps;
use super::problem::Problem;
use super::rest;
use crate::config::InstanceAddress;
use crate::services::accounts::{FoundCaller, SESSION_LIFETIME};
use crate::services::{CookieChange, Host, ServiceError, ServiceResult, Services};

/// Finds the caller, hands the use cases on to the route, and sets the cookie that they ask for.
pub(super) async fn bind_services(
    State(host): State<Host>,
    State(limits): State<Arc<RateLimits>>,
    State(front): State<Arc<Front>>,
    State(look_ups): State<Arc<CallerLookUps>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let language = language_of(&parts.headers);
    let client = Client::of(&parts, &front.proxies);
    tracing::Span::current().record("client.address", client.whole());
    let caller = match find_caller(&host, &look_ups, &parts.headers, &front.address).await {
        Ok(FoundCaller::Caller(caller)) => Some(caller),
        Ok(FoundCaller::Nobody) => None,
        // Their token is the operator's, no user's; they look at it themselves.
        Ok(FoundCaller::BadToken(_)) if parts.uri.path().starts_with(rest::cron::PATH) => None,
        Ok(FoundCaller::BadToken(refusal)) => {
            return limits
                .refuse_guess(&client.counted(), language)
                .unwrap_or_else(|| Problem(refusal.into_api_error(language)).into_response());
        }
        Err(error) => return Problem(error.into_api_error(language)).into_response(),
    };
    let former = removal_of_former(&parts.headers, &front.address);
    let services =
        Services::new(host, caller, language, client.counted()).with_whole_address(client.whole());
    parts.extensions.insert(services.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let (token, seconds) = match services.cookie_change() {
        CookieChange::Keep => return response,
        CookieChange::Set(token) => (token, SESSION_LIFETIME.num_seconds()),
        CookieChange::Clear => (String::new(), 0),
    };
    let cookie = session_cookie(&front.address, client.is_https, token, seconds);
    for cookie in [Some(cookie), former].into_iter().flatten() {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

/// Callers that are being looked up, by the hash of what they show.
pub(super) type CallerLookUps = LookUps<ServiceResult<FoundCaller>>;

async fn find_caller(
    host: &Host,
    look_ups: &CallerLookUps,
    headers: &HeaderMap,
    address: &InstanceAddress,
) -> ServiceResult<FoundCaller> {
    match authorization(headers) {
        Authorization::Nothing => {}
        Authorization::Unreadable => return Ok(FoundCaller::BadToken(ServiceError::Unauthorized)),
        Authorization::Bearer(token) => {
            let hash = host.tokens.hash(token);
            return look_ups.find(&hash, host.caller_of_token(&hash)).await;
        }
    }
    let Some(token) = session_token(headers, address) else {
        return Ok(FoundCaller::Nobody);
    };
    let hash = host.tokens.hash(&token);
    look_ups.find(&hash, host.caller_of_session(&hash)).await
}

/// The interface's own choice wins over the browser's.
pub(super) fn language_of(headers: &HeaderMap) -> Language {
    let chosen = CookieJar::from_headers(headers)
        .get(language::COOKIE)
        .and_then(|cookie| cookie.value().parse().ok());
    chosen.unwrap_or_else(|| {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|header| header.to_str().ok())
            .map(Language::from_accept_language)
            .unwrap_or_default()
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Services {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Problem(app::api::error::ApiError::new(
                ErrorCode::Internal,
                "services are not bound",
            ))
        })
    }
}
