//! Under which name the host is called, and from which page a request comes.
//!
//! Invariant: the operator's own address decides. What a request says is compared with it, and
//! nothing is ever made of the header `Host`.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::texts::errors;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Problem, problem};
use super::rest;
use super::session::language_of;
use crate::config::{InstanceAddress, TrustedProxies, is_local_or_literal};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How the host is reached, as the operator says.
#[derive(Clone, Debug)]
pub struct Front {
    /// Where people reach it.
    pub address: InstanceAddress,
    /// Who may say for whom a request is passed on.
    pub proxies: TrustedProxies,
}

/// A path as the routes know it, whether a proxy took the prefix off or passed it on.
pub(super) fn take_prefix_off(front: &Front, mut request: Request) -> Request {
    let Some(inner) = front.address.without_prefix(request.uri().path()) else {
        return request;
    };
    let inner = match request.uri().query() {
        Some(query) => format!("{inner}?{query}"),
        None => inner.to_owned(),
    };
    if let Ok(path_and_query) = inner.parse::<PathAndQuery>() {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Refuses requests by names that others could point at this machine, unless the operator has said
/// how the host is reached. Otherwise a page elsewhere could become part of the same origin (DNS
/// rebinding). With an address from the operator a proxy may send any name, and `refuse_cross_site`
/// compares with that address. The health check is open under any name, because platforms use their
/// own.
pub(super) async fn refuse_other_names(
    State(front): State<Arc<Front>>,
    request: Request,
    next: Next,
) -> Response {
    let language = language_of(request.headers());
    let path = request.uri().path();
    let is_open = front.address.is_given() || path == rest::HEALTH;
    if is_open || names(&request).all(|name| name.is_some_and(is_local_or_literal)) {
        return next.run(request).await;
    }
    let words = errors::OTHER_NAME.get(language);
    if path.starts_with("/api/") {
        let error = ApiError::new(ErrorCode::BadRequest, words);
        return problem(error, StatusCode::MISDIRECTED_REQUEST);
    }
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let page = (
        StatusCode::MISDIRECTED_REQUEST,
        [(CONTENT_TYPE, kind)],
        format!("{words}\n"),
    );
    page.into_response()
}

/// The names that a request calls the host by; `None` for one that is no text. HTTP/1.0 may
/// leave it out, and no browser speaks that.
fn names(request: &Request) -> impl Iterator<Item = Option<&str>> {
    let authority = request.uri().authority().map(|name| Some(name.as_str()));
    let header = request.headers().get(HOST).map(|name| name.to_str().ok());
    authority.into_iter().chain(header)
}

/// Refuses requests that may change something and come from a page elsewhere. Browsers say in
/// `Origin` and `Sec-Fetch-Site` where a request comes from; programs say neither.
pub(super) async fn refuse_cross_site(
    State(front): State<Arc<Front>>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || is_from_here(&front.address, &request) {
        return next.run(request).await;
    }
    let language = language_of(request.headers());
    let words = errors::CROSS_SITE.get(language);
    Problem(ApiError::new(ErrorCode::Forbidden, words)).into_response()
}

fn is_from_here(address: &InstanceAddress, request: &Request) -> bool {
    let headers = request.headers();
    let is_same_origin = single_header_is(headers, &FETCH_SITE, |site| {
        matches!(site, "same-origin" | "none")
    });
    // A page whose name was bent to this machine is of the same origin for its browser, so what
    // the browser says is not enough.
    is_same_origin.unwrap_or(true) && has_own_origin(address, request)
}

fn has_own_origin(address: &InstanceAddress, request: &Request) -> bool {
    let headers = request.headers();
    let is_own = single_header_is(headers, &ORIGIN, |origin| {
        let is_given = address.is_given() && origin == address.origin();
        // Whoever opens the host by a literal address, or at the machine itself.
        is_given || names(request).any(|name| name.is_some_and(|name| is_page_of(origin, name)))
    })
    .unwrap_or(true);
    if !is_own
        && headers
            .get(FETCH_SITE)
            .is_some_and(|site| site == "same-origin")
    {
        tracing::warn!(
            origin = ?headers.get(ORIGIN),
            parallax_url = address.origin(),
            "refused a request whose browser takes its page for one of this host; if it is, set \
             PARALLAX_URL to its address"
        );
    }
    is_own
}

/// Whether a page with this origin was loaded from a name that nobody can bend.
fn is_page_of(origin: &str, name: &str) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    is_local_or_literal(name)
        && authority.is_some_and(|authority| authority.eq_ignore_ascii_case(name))
}

/// What `is_good` says of a header's value. `None` without the header; false if it occurs twice or
/// is no text.
fn single_header_is(
    headers: &HeaderMap,
    name: &HeaderName,
    is_good: impl Fn(&str) -> bool,
) -> Option<bool> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(values.next().is_none() && first.to_str().is_ok_and(is_good))
}
