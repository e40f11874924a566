//! How often: requests a minute, by who sends them.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::api::error::{ApiError, ErrorCode};
use app::model::language::Language;
use app::texts::errors;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use crate::auth::Via;
use crate::services::Services;

/// Requests a minute of an address that shows no token, or a wrong one.
const WITHOUT_TOKEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// Calls a minute of a browser: more than a person who clicks fast makes.
const OF_BROWSER: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
/// Of these, so many at once. The heaviest page takes about a dozen.
const BROWSER_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(199);
/// Seconds of a minute.
const MINUTE: u32 = 60;
/// Callers whose bucket is full again are forgotten when there are more than this.
const FORGET_ABOVE: usize = 10_000;
/// A look at all buckets takes its time; so long it is not taken again.
const FORGET_EVERY: Duration = Duration::from_secs(1);

type Limiter =
    RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Buckets of one size.
struct Buckets {
    limiter: Limiter,
    clock: DefaultClock,
    per_minute: NonZeroU32,
    at_once: NonZeroU32,
    forgot_at: Mutex<Instant>,
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    per_minute: u32,
    at_once: u32,
    remaining: u32,
    /// Until the next request is let through, where none is left.
    wait_seconds: Option<u64>,
}

impl Buckets {
    fn new(per_minute: NonZeroU32, at_once: NonZeroU32) -> Self {
        let quota = Quota::per_minute(per_minute).allow_burst(at_once);
        Self {
            limiter: RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>(),
            clock: DefaultClock::default(),
            per_minute,
            at_once,
            forgot_at: Mutex::new(Instant::now()),
        }
    }

    /// Takes one request from a bucket.
    fn take(&self, key: &String) -> Left {
        self.forget();
        let left = |remaining, wait_seconds| Left {
            per_minute: self.per_minute.get(),
            at_once: self.at_once.get(),
            remaining,
            wait_seconds,
        };
        match self.limiter.check_key(key) {
            Ok(state) => left(state.remaining_burst_capacity(), None),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now()).as_secs().max(1);
                left(0, Some(wait))
            }
        }
    }

    /// Strangers may come from ever other addresses.
    fn forget(&self) {
        if self.limiter.len() <= FORGET_ABOVE {
            return;
        }
        // Whoever does not get the lock knows that somebody is at it.
        if let Ok(mut forgot_at) = self.forgot_at.try_lock()
            && forgot_at.elapsed() >= FORGET_EVERY
        {
            self.limiter.retain_recent();
            *forgot_at = Instant::now();
        }
    }
}

impl Left {
    /// Seconds until the bucket is full again.
    fn reset_seconds(self) -> u32 {
        let used = u64::from(self.at_once.saturating_sub(self.remaining));
        let seconds = (used * u64::from(MINUTE)).div_ceil(u64::from(self.per_minute));
        u32::try_from(seconds).unwrap_or(MINUTE)
    }

    fn tell(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("ratelimit-limit", self.per_minute),
            ("ratelimit-remaining", self.remaining),
            ("ratelimit-reset", self.reset_seconds()),
            // The name of before there was a draft.
            ("x-ratelimit-limit", self.per_minute),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }

    /// The refusal, where none is left.
    fn refusal(self, language: Language) -> Option<Response> {
        let mut response = too_often(language, self.wait_seconds?).into_response();
        self.tell(response.headers_mut());
        Some(response)
    }
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
        Self {
            users: Buckets::new(limit, limit),
            sessions: Buckets::new(OF_BROWSER, BROWSER_AT_ONCE),
            addresses: Buckets::new(WITHOUT_TOKEN, WITHOUT_TOKEN),
            visitors: Buckets::new(OF_BROWSER, BROWSER_AT_ONCE),
        }
    }

    /// Whoever shows a wrong token guesses; after so many they are not even told so.
    pub(super) fn refuse_guess(&self, address: &str, language: Language) -> Option<Response> {
        self.addresses.take(&address.to_owned()).refusal(language)
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
            Via::Session(_) => limits.sessions.take(&caller.user.id.to_string()),
            Via::Token { .. } => limits.users.take(&caller.user.id.to_string()),
        },
        Err(_) => of_nobody.take(&services.address().to_owned()),
    };
    if let Some(refusal) = left.refusal(services.language()) {
        return refusal;
    }
    let mut response = next.run(request).await;
    left.tell(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_tells_what_is_left_and_when_it_is_full_again() {
        let limit = NonZeroU32::new(3).expect("a limit");
        let buckets = Buckets::new(limit, limit);
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

    #[test]
    fn a_burst_is_full_again_sooner_than_a_minute() {
        let buckets = Buckets::new(OF_BROWSER, BROWSER_AT_ONCE);
        let key = "somebody".to_owned();
        let left = buckets.take(&key);
        assert_eq!((left.remaining, left.reset_seconds()), (199, 1));
        for _ in 0..100 {
            buckets.take(&key);
        }
        assert!(buckets.take(&key).reset_seconds() <= 11);
    }

    #[test]
    fn buckets_of_many_strangers_are_forgotten_once_they_are_full() {
        let limit = NonZeroU32::new(60_000).expect("a limit");
        let buckets = Buckets::new(limit, limit);
        for number in 0..=FORGET_ABOVE {
            buckets.take(&number.to_string());
        }
        std::thread::sleep(FORGET_EVERY);
        buckets.take(&"another".to_owned());
        assert!(
            buckets.limiter.len() < FORGET_ABOVE,
            "{}",
            buckets.limiter.len()
        );
    }
}
