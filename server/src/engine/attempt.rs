//! The one retry loop: asks until an answer comes or another attempt makes no sense.

use std::future::Future;
use std::time::Duration;

use app::model::provider::Provider as ProviderName;
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};
use rand::RngExt;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::providers::{Access, ErrorClass, Exchange, Failure, Provider, Question, RateLimits};

/// How often and how patiently an ask is tried.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub max_attempts: usize,
    /// The longest wait before the second attempt; it doubles with each further one.
    pub first_delay: Duration,
    /// The longest wait before any attempt, unless the provider asks for a longer one.
    pub max_delay: Duration,
    /// A provider that asks for a longer wait is not asked again: the ask fails.
    pub longest_wait: Duration,
    /// For all attempts together, from the first byte sent.
    pub deadline: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            first_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            longest_wait: Duration::from_secs(90),
            deadline: Duration::from_mins(3),
        }
    }
}

/// One HTTP exchange of an ask, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// HTTP status; `None` where no response came.
    pub status: Option<u16>,
    /// What went wrong; `None`: it brought the answer.
    pub error_class: Option<ErrorClass>,
    /// From sending to the last byte.
    pub latency: Duration,
    /// The provider's id of the request.
    pub request_id: Option<String>,
}

/// Where a question goes.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// Who answers.
    pub provider: &'a dyn Provider,
    /// With which key.
    pub access: &'a Access,
    /// By which clock attempts are stamped.
    pub clock: &'a dyn Clock,
}

/// Asks `question` as often as `policy` allows and the failures say that it makes sense.
/// Gives every attempt and the last exchange. Once `settle` is cancelled no further attempt
/// begins; the one in flight is waited for.
pub async fn ask_until_settled(
    target: Target<'_>,
    question: &Question,
    policy: &RetryPolicy,
    settle: &CancellationToken,
) -> (Vec<Attempt>, Exchange) {
    let deadline = Instant::now() + policy.deadline;
    let mut delays = delays(policy);
    let mut attempts = Vec::with_capacity(1);
    loop {
        let sent_at = target.clock.now();
        let asking = target.provider.ask(target.access, question);
        let exchange = before(deadline, target.access.provider, asking).await;
        attempts.push(attempt(sent_at, &exchange));
        let Some(wait) = next_wait(&exchange, &mut delays, policy) else {
            return (attempts, exchange);
        };
        if settle.is_cancelled() || Instant::now() + wait >= deadline {
            return (attempts, exchange);
        }
        tokio::select! {
            () = settle.cancelled() => return (attempts, exchange),
            () = sleep(wait) => {}
        }
    }
}

/// Upper limits of the waits between attempts.
fn delays(policy: &RetryPolicy) -> impl Iterator<Item = Duration> + use<> {
    ExponentialBuilder::default()
        .with_min_delay(policy.first_delay)
        .with_max_delay(policy.max_delay)
        .with_max_times(policy.max_attempts.saturating_sub(1))
        .build()
}

/// How long to wait before the next attempt; `None`: there is none.
fn next_wait(
    exchange: &Exchange,
    delays: &mut impl Iterator<Item = Duration>,
    policy: &RetryPolicy,
) -> Option<Duration> {
    let failure = exchange
        .result
        .as_ref()
        .err()
        .filter(|failure| failure.retry)?;
    let jittered = full_jitter(delays.next()?);
    match failure.retry_after {
        Some(asked) if asked > policy.longest_wait => None,
        // The jitter comes on top: all asks that were refused together must not return together.
        Some(asked) => Some(asked + jittered),
        None => Some(jittered),
    }
}

/// Anything from nothing to `limit`: what spreads many clients best.
fn full_jitter(limit: Duration) -> Duration {
    limit.mul_f64(rand::rng().random_range(0.0..=1.0))
}

/// The exchange, or a timeout where it does not end in time.
async fn before(
    deadline: Instant,
    provider: ProviderName,
    asking: impl Future<Output = Exchange>,
) -> Exchange {
    let begun = Instant::now();
    let left = deadline.saturating_duration_since(begun);
    timeout(left, asking).await.unwrap_or_else(|_| Exchange {
        result: Err(Failure {
            class: ErrorClass::Timeout,
            message: format!("{} did not answer in time", provider.label()),
            retry: false,
            retry_after: None,
            request_id: None,
        }),
        status: None,
        latency: begun.elapsed(),
        request_id: None,
        raw_body: bytes::Bytes::new(),
        rate: RateLimits::default(),
    })
}

fn attempt(sent_at: DateTime<Utc>, exchange: &Exchange) -> Attempt {
    Attempt {
        sent_at,
        status: exchange.status,
        error_class: exchange.result.as_ref().err().map(|failure| failure.class),
        latency: exchange.latency,
        request_id: exchange.request_id.clone(),
    }
}
