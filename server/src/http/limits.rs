//! How much and how often.

use std::num::NonZeroU32;
use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::texts::errors;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use super::session::language_of;
use crate::auth::Via;
use crate::services::Services;

/// Bytes of a body.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of a body that holds a file: one of 16 MiB, with its quotes escaped.
const FILE_LIMIT: usize = 24 * 1024 * 1024;
/// The calls that carry a file. They are for admins only, and nobody else's body is read.
const FILE_CALLS: [&str; 1] = ["/api/fn/models/import-preview"];
/// Callers whose bucket is full again are forgotten when there are more than this.
const FORGET_ABOVE: usize = 10_000;

type Buckets = RateLimiter<String, governor::state::keyed::DashMapStateStore<String>, DefaultClock>;

/// Requests a minute and token.
pub struct RestLimits {
    buckets: Buckets,
    clock: DefaultClock,
    limit: NonZeroU32,
}

impl RestLimits {
    /// A bucket of `limit` requests a token, which fills again within a minute.
    pub fn new(limit: NonZeroU32) -> Self {
        Self {
            buckets: RateLimiter::dashmap(Quota::per_minute(limit)),
            clock: DefaultClock::default(),
            limit,
        }
    }

    /// Takes one request from a bucket.
    ///
    /// # Errors
    /// The bucket is empty; gives the seconds until it is not.
    fn take(&self, key: &String) -> Result<(), u64> {
        if self.buckets.len() > FORGET_ABOVE {
            self.buckets.retain_recent();
        }
        self.buckets
            .check_key(key)
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()).as_secs().max(1))
    }
}

/// REST is limited; the browser's own calls, which come with a session, are not.
pub(super) async fn limit_rest(
    State(limits): State<Arc<RestLimits>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    let key = match services.caller().map(|caller| &caller.via) {
        Ok(Via::Session(_)) => return next.run(request).await,
        Ok(Via::Token(id)) => format!("token {id}"),
        Err(_) => format!("address {}", services.address()),
    };
    match limits.take(&key) {
        Ok(()) => {
            let mut response = next.run(request).await;
            response
                .headers_mut()
                .insert("x-ratelimit-limit", HeaderValue::from(limits.limit.get()));
            response
        }
        Err(seconds) => Problem(ApiError {
            retry_after_seconds: Some(seconds),
            ..ApiError::new(
                ErrorCode::TooManyRequests,
                errors::TOO_MANY_REQUESTS.fill(services.language(), &[("seconds", &seconds)]),
            )
        })
        .into_response(),
    }
}

/// How many bytes the body of a request may have.
pub(super) fn body_limit(path: &str, services: Option<&Services>) -> usize {
    let is_admin = services.is_none_or(|services| services.may_administer().is_ok());
    if is_admin && FILE_CALLS.contains(&path) {
        FILE_LIMIT
    } else {
        BODY_LIMIT
    }
}

/// A body that says that it is too large is not read at all.
pub(super) async fn refuse_large_bodies(request: Request, next: Next) -> Response {
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    let limit = body_limit(request.uri().path(), None);
    if declared.is_some_and(|length| length > limit) {
        return Problem::plain(ErrorCode::TooLarge, language_of(request.headers())).into_response();
    }
    next.run(request).await
}
