//! The head of a request, before anything is asked of it: its id, its host, its credentials.

use app::api::error::ErrorCode;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::session::language_of;

/// By what a request is found in the log, and in the reply.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Characters of a request's id: it stands in every line of the log.
const REQUEST_ID_LENGTH: usize = 64;
/// Ways to sign in that are a proxy's own. Browsers send them with every request.
const OF_PROXIES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

/// Takes away an id that would make the log long or hard to read; the request gets a new one.
pub(super) async fn drop_odd_ids(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    let mut ids = headers.get_all(REQUEST_ID).iter();
    let is_odd = ids.next().is_some_and(|id| !is_plain(id)) || ids.next().is_some();
    if is_odd {
        headers.remove(REQUEST_ID);
    }
    next.run(request).await
}

fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=REQUEST_ID_LENGTH).contains(&id.len()) && id.iter().all(is_safe)
}

/// A request that names two hosts means one thing to a proxy and another to us.
pub(super) async fn refuse_two_hosts(request: Request, next: Next) -> Response {
    if request.headers().get_all(HOST).iter().count() > 1 {
        let language = language_of(request.headers());
        return Problem::plain(ErrorCode::BadRequest, language).into_response();
    }
    next.run(request).await
}

/// What a request says about itself with `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authorization<'a> {
    /// A token.
    Bearer(&'a str),
    /// Nothing, or only what a proxy before us asks for.
    Nothing,
    /// Something that no proxy asks for and that is no token.
    Unreadable,
}

/// Reads `Authorization`; the scheme may be in capitals or not (RFC 9110).
pub(super) fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let mut found = Authorization::Nothing;
    for header in headers.get_all(AUTHORIZATION) {
        let text = header.to_str().unwrap_or_default().trim();
        let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
        if scheme.eq_ignore_ascii_case("bearer") {
            return Authorization::Bearer(credentials.trim());
        }
        let is_proxys = OF_PROXIES
            .iter()
            .any(|one| scheme.eq_ignore_ascii_case(one));
        if !is_proxys {
            found = Authorization::Unreadable;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_plain() {
        let longest = "x".repeat(REQUEST_ID_LENGTH);
        for (id, expected) in [
            ("0190-ab_C.d", true),
            (longest.as_str(), true),
            (&format!("{longest}x"), false),
            ("", false),
            ("two words", false),
            ("a\"b", false),
            ("n\u{e9}e", false),
        ] {
            let id = HeaderValue::from_bytes(id.as_bytes()).expect("a value");
            assert_eq!(is_plain(&id), expected, "{id:?}");
        }
    }

    #[test]
    fn a_token_is_found_beside_what_a_proxy_asks_for() {
        for (given, expected) in [
            (&[][..], Authorization::Nothing),
            (&["Bearer plx_1"], Authorization::Bearer("plx_1")),
            (&["bearer  plx_1"], Authorization::Bearer("plx_1")),
            (&["Bearer"], Authorization::Bearer("")),
            (&["Basic YTpi"], Authorization::Nothing),
            (
                &["basic YTpi", "BEARER plx_1"],
                Authorization::Bearer("plx_1"),
            ),
            (&["plx_1"], Authorization::Unreadable),
            (&["Basic YTpi", "plx_1"], Authorization::Unreadable),
        ] {
            let mut headers = HeaderMap::new();
            for value in given {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            assert_eq!(authorization(&headers), expected, "{given:?}");
        }
    }
}
