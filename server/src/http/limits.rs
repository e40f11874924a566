//! How often: requests a minute, by who sends them.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use app::api::error::{ApiError, ErrorCode};
use app::model::ids::UserId;
use app::model::language::Language;
use app::texts::errors;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::auth::Via;
use crate::buckets::{Buckets, Left, Rate};
use crate::services::Services;

/// Requests a minute of an address that shows no token, or a wrong one.
const WITHOUT_TOKEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// Calls a minute of a browser: more than a person who clicks fast makes.
const OF_BROWSER: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
/// Of these, so many at once. The heaviest page takes about a dozen.
const BROWSER_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(199);

/// Tells what is left in a bucket of requests a minute.
fn add_rate_headers(left: Left, headers: &mut HeaderMap) {
    let per_minute = left.rate.many.get();
    for (name, value) in [
        ("ratelimit-limit", per_minute),
        ("ratelimit-remaining", left.remaining),
        ("ratelimit-reset", left.reset_seconds()),
        // The name of before there was a draft.
        ("x-ratelimit-limit", per_minute),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// The refusal, where none is left.
fn refusal(left: Left, language: Language) -> Option<Response> {
    let mut response = too_often(language, left.wait_seconds?).into_response();
    add_rate_headers(left, response.headers_mut());
    Some(response)
}

/// What is said of a request that comes too soon.
pub(super) fn too_often(language: Language, seconds: u64) -> Problem {
    Problem(ApiError {
        retry_after_seconds: Some(seconds),
        ..ApiError::new(
            ErrorCode::TooManyRequests,
            errors::TOO_MANY_REQUESTS.fill(language, &[("seconds", &seconds)]),
        )
    })
}

/// Requests a minute. All tokens of a user draw from one bucket, wherever they are shown: who
/// makes another one has no more by that.
pub struct RateLimits {
    users: Buckets,
    sessions: Buckets,
    addresses: Buckets,
    visitors: Buckets,
}

impl RateLimits {
    /// Buckets of `limit` requests a user's programs, which fill again within a minute.
    pub fn new(limit: NonZeroU32) -> Self {
        let buckets = |many, at_once| {
            Buckets::new(Rate {
                many,
                within: Duration::from_mins(1),
                at_once,
            })
        };
        Self {
            users: buckets(limit, limit),
            sessions: buckets(OF_BROWSER, BROWSER_AT_ONCE),
            addresses: buckets(WITHOUT_TOKEN, WITHOUT_TOKEN),
            visitors: buckets(OF_BROWSER, BROWSER_AT_ONCE),
        }
    }

    /// Counts a page that brings what its browser would call for. Whether there is one left: who has
    /// none gets the page alone, and the refusal with the call.
    pub(super) fn has_page_left(&self, user: UserId) -> bool {
        self.sessions.take(user.to_string()).wait_seconds.is_none()
    }

    /// Whoever shows a wrong token guesses; after so many they are not even told so.
    pub(super) fn refuse_guess(&self, address: &str, language: Language) -> Option<Response> {
        refusal(self.addresses.take(address), language)
    }
}

/// Counts a request of REST.
pub(super) async fn limit_rest(
    State(limits): State<Arc<RateLimits>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    pass(&limits, &limits.addresses, &services, request, next).await
}

/// Counts a call of the browser. Somebody who is not signed in sees pages too.
pub(super) async fn limit_calls(
    State(limits): State<Arc<RateLimits>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    pass(&limits, &limits.visitors, &services, request, next).await
}

async fn pass(
    limits: &RateLimits,
    of_nobody: &Buckets,
    services: &Services,
    request: Request,
    next: Next,
) -> Response {
    let left = match services.caller() {
        Ok(caller) => match &caller.via {
            Via::Session(_) => limits.sessions.take(caller.user.id.to_string()),
            Via::Token { .. } => limits.users.take(caller.user.id.to_string()),
        },
        Err(_) => of_nobody.take(services.address()),
    };
    if let Some(refusal) = refusal(left, services.language()) {
        return refusal;
    }
    let mut response = next.run(request).await;
    add_rate_headers(left, response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_these_figures() {
        let manual = include_str!("../../../docs/API.md");
        let mut rows = manual.lines().filter(|line| line.starts_with("| rate |"));
        let row = rows.next().expect("a row");
        let of_browser = format!("{OF_BROWSER} a minute and {BROWSER_AT_ONCE} at once");
        for figure in [
            format!("all sessions of a user together {of_browser}"),
            format!("{WITHOUT_TOKEN} a minute at REST"),
            format!("{of_browser} at `/api/fn`"),
        ] {
            assert!(row.contains(&figure), "{figure}: {row}");
        }
    }
}
