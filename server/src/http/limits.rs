//! How much and how often.

use std::num::NonZeroU32;
use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::model::language::Language;
use app::texts::errors;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use super::rest;
use super::session::language_of;
use crate::auth::Via;
use crate::services::Services;

/// Bytes of a body.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of a call that carries a file: one of 16 MiB, with its quotes escaped.
const FILE_CALL_LIMIT: usize = 24 * 1024 * 1024;
/// The calls that carry a file. They are for admins only, and nobody else's body is read.
const FILE_CALLS: [&str; 1] = ["/api/fn/models/import-preview"];
/// Bytes of a file of questions or prices.
pub(super) const FILE_LIMIT: usize = 32 * 1024 * 1024;
/// How the address ends that takes files of questions.
const QUESTION_FILES: &str = "/queries/csv";
/// How the address ends that takes files of prices, from admins.
const PRICE_FILES: &str = "/prices/import";
/// Requests a minute of an address that shows no token.
const WITHOUT_TOKEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// Seconds in which an empty bucket fills.
const MINUTE: u32 = 60;
/// Callers whose bucket is full again are forgotten when there are more than this.
const FORGET_ABOVE: usize = 10_000;

type Limiter =
    RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Buckets of one size.
struct Buckets {
    limiter: Limiter,
    clock: DefaultClock,
    limit: NonZeroU32,
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    limit: u32,
    remaining: u32,
    /// Until the next request is let through, where none is left.
    wait_seconds: Option<u64>,
}

impl Buckets {
    fn new(limit: NonZeroU32) -> Self {
        let limiter = RateLimiter::dashmap(Quota::per_minute(limit))
            .with_middleware::<StateInformationMiddleware>();
        Self {
            limiter,
            clock: DefaultClock::default(),
            limit,
        }
    }

    /// Takes one request from a bucket.
    fn take(&self, key: &String) -> Left {
        if self.limiter.len() > FORGET_ABOVE {
            self.limiter.retain_recent();
        }
        let limit = self.limit.get();
        match self.limiter.check_key(key) {
            Ok(state) => Left {
                limit,
                remaining: state.remaining_burst_capacity(),
                wait_seconds: None,
            },
            Err(not_until) => Left {
                limit,
                remaining: 0,
                wait_seconds: Some(not_until.wait_time_from(self.clock.now()).as_secs().max(1)),
            },
        }
    }
}

impl Left {
    /// Seconds until the bucket is full again.
    fn reset_seconds(self) -> u32 {
        let used = u64::from(self.limit.saturating_sub(self.remaining));
        let seconds = (used * u64::from(MINUTE)).div_ceil(u64::from(self.limit));
        u32::try_from(seconds).unwrap_or(MINUTE)
    }

    fn tell(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("ratelimit-limit", self.limit),
            ("ratelimit-remaining", self.remaining),
            ("ratelimit-reset", self.reset_seconds()),
            // The name of before there was a draft.
            ("x-ratelimit-limit", self.limit),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

/// Requests a minute: of each token, and of each address that shows none.
pub struct RestLimits {
    tokens: Buckets,
    addresses: Buckets,
}

impl RestLimits {
    /// Buckets of `limit` requests a token, which fill again within a minute.
    pub fn new(limit: NonZeroU32) -> Self {
        Self {
            tokens: Buckets::new(limit),
            addresses: Buckets::new(WITHOUT_TOKEN),
        }
    }
}

/// REST is limited; the browser's own calls, which come with a session, are not.
pub(super) async fn limit_rest(
    State(limits): State<Arc<RestLimits>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    // Platforms and people who watch over the host ask often, and may share an address.
    if rest::HEALTH.strip_prefix(rest::PREFIX) == Some(request.uri().path()) {
        return next.run(request).await;
    }
    let left = match services.caller().map(|caller| &caller.via) {
        Ok(Via::Session(_)) => return next.run(request).await,
        Ok(Via::Token { id, .. }) => limits.tokens.take(&format!("token {id}")),
        Err(_) => limits.addresses.take(&services.address().to_owned()),
    };
    let mut response = match left.wait_seconds {
        None => next.run(request).await,
        Some(seconds) => Problem(ApiError {
            retry_after_seconds: Some(seconds),
            ..ApiError::new(
                ErrorCode::TooManyRequests,
                errors::TOO_MANY_REQUESTS.fill(services.language(), &[("seconds", &seconds)]),
            )
        })
        .into_response(),
    };
    left.tell(response.headers_mut());
    response
}

/// How many bytes the body of a request may have.
pub(super) fn body_limit(path: &str, services: Option<&Services>) -> usize {
    let is_admin = services.is_none_or(|services| services.may_administer().is_ok());
    if path.ends_with(QUESTION_FILES) || is_admin && path.ends_with(PRICE_FILES) {
        FILE_LIMIT
    } else if is_admin && FILE_CALLS.contains(&path) {
        FILE_CALL_LIMIT
    } else {
        BODY_LIMIT
    }
}

/// A body that says that it is too large is not read at all.
pub(super) async fn refuse_large_bodies(request: Request, next: Next) -> Response {
    let limit = body_limit(request.uri().path(), None);
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return too_large(language_of(request.headers()), limit).into_response();
    }
    next.run(request).await
}

/// What is said of a body that is larger than `limit` bytes.
pub(super) fn too_large(language: Language, limit: usize) -> Problem {
    let words = match limit {
        BODY_LIMIT => errors::TOO_LARGE.get(language).to_owned(),
        _ => errors::TOO_LARGE_FILE.fill(language, &[("max", &(limit >> 20))]),
    };
    Problem(ApiError::new(ErrorCode::TooLarge, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_tells_what_is_left_and_when_it_is_full_again() {
        let buckets = Buckets::new(NonZeroU32::new(3).expect("a limit"));
        let key = "somebody".to_owned();
        let told: Vec<(u32, u32)> = (0..3)
            .map(|_| buckets.take(&key))
            .map(|left| (left.remaining, left.reset_seconds()))
            .collect();
        assert_eq!(told, [(2, 20), (1, 40), (0, 60)]);
        let refused = buckets.take(&key);
        assert!(
            refused
                .wait_seconds
                .is_some_and(|wait| (1..=20).contains(&wait))
        );
        assert_eq!(buckets.take(&"somebody else".to_owned()).remaining, 2);
    }
}
