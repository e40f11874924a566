//! The one retry loop: asks until an answer comes or another attempt makes no sense.

use std::future::Future;
use std::iter;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contract::money::Money;
use contract::provider::Provider as ProviderName;
use futures_util::FutureExt;
use providers::{
    Access, Allowance, Answer, ErrorClass, Exchange, Failure, Provider, Question, RateLimits, Usage,
};
use rand::RngExt;
use runtime::clock::Clock;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::cost::{self, AskSize, Cost, Price};
use super::pace::{Kind, Pass, Permit, Verdict};

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

impl RetryPolicy {
    /// Whether a failure says that no further ask with this key and model can succeed: it is of
    /// such a kind, or the provider wants to be left alone for longer than anybody waits.
    pub fn is_the_end(&self, failure: &Failure) -> bool {
        let is_shut_out = failure
            .retry_after
            .is_some_and(|wait| wait > self.longest_wait);
        failure.class.ends_lane() || is_shut_out
    }
}

impl Default for RetryPolicy {
    /// Ten minutes for an ask: deep research takes minutes, and an answer that is given up is
    /// paid for all the same.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            first_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            longest_wait: Duration::from_secs(90),
            deadline: Duration::from_mins(10),
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
    /// What went wrong; `None`: it brought an answer, which may have no text.
    pub error_class: Option<ErrorClass>,
    /// From sending to the last byte.
    pub latency: Duration,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// What it may have cost although it brought nothing: the provider may have answered after the
    /// connection broke.
    pub lost: Option<Cost>,
    /// What its answer used, if that had no text and the answer to a further attempt replaced it.
    /// The usage of that later answer includes this one.
    pub without_text: Option<Usage>,
}

/// Why nobody knows whether a budget has money.
pub type MoneySourceError = Box<dyn std::error::Error + Send + Sync>;

/// Where the money for further attempts at one ask comes from.
#[async_trait]
pub trait MoneySource: Send + Sync {
    /// Sets money aside for one more attempt, after one that may have been billed. Whether
    /// the budget had it.
    ///
    /// # Errors
    /// Nobody knows; no attempt follows then.
    async fn reserve(&self, amount: Money) -> Result<bool, MoneySourceError>;
}

/// The money of one ask.
#[derive(Clone, Copy)]
pub struct Funds<'a> {
    /// The most that one attempt can cost: what is booked for one that was lost, and what has to
    /// be there for another one after it.
    pub worst_case: Cost,
    /// What was set aside before the first attempt.
    pub set_aside: Money,
    /// Where more comes from.
    pub money_source: &'a dyn MoneySource,
}

impl Funds<'_> {
    /// Sets the worst case aside once more. Whether it was there.
    async fn set_more_aside(&self) -> bool {
        match self.money_source.reserve(self.worst_case.amount).await {
            Ok(has_it) => has_it,
            Err(error) => {
                tracing::warn!(%error, "no money could be set aside for another attempt");
                false
            }
        }
    }
}

/// What became of an ask.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Every attempt, the first first.
    pub attempts: Vec<Attempt>,
    /// The last exchange.
    pub exchange: Exchange,
    /// What was set aside in all, for the first attempt and for further ones.
    pub set_aside: Money,
}

impl Asked {
    /// What was paid: for attempts that brought nothing and may have been billed, and for the
    /// answer at `price`. `size` is that of the question, for what nobody counts.
    pub fn costs(&self, price: Option<Price>, size: AskSize) -> Vec<Cost> {
        let lost = self.attempts.iter().filter_map(|attempt| attempt.lost);
        let answer = self.exchange.result.as_ref().ok();
        let of_answer = answer.map(|answer| cost_of(answer, &self.attempts, price, size));
        lost.chain(of_answer).collect()
    }

    /// Nothing was sent any more.
    pub(super) fn unsent(set_aside: Money) -> Self {
        let message = "it was not sent any more".to_owned();
        let may_be_billed = false;
        Self {
            attempts: Vec::new(),
            exchange: failed_exchange(ErrorClass::Network, message, Duration::ZERO, may_be_billed),
            set_aside,
        }
    }
}

/// What an answer cost, together with an ask before it that brought a whole answer without text:
/// that is a part of the answer's usage. `size` is that of the question.
pub(super) fn cost_of(
    answer: &Answer,
    attempts: &[Attempt],
    price: Option<Price>,
    size: AskSize,
) -> Cost {
    let (reported, usage) = (answer.cost_reported, &answer.usage);
    match without_text(attempts) {
        None => cost::of_answer(reported, usage, price, size),
        Some(first) => cost::of_two_answers(reported, usage, first, price, size),
    }
}

/// What an answer without text used that another ask followed.
pub(super) fn without_text(attempts: &[Attempt]) -> Option<Usage> {
    attempts.iter().find_map(|attempt| attempt.without_text)
}

/// Where a question goes, and by whose leave.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    /// Who answers.
    pub(super) provider: &'a dyn Provider,
    /// With which key.
    pub(super) access: &'a Access,
    /// By which clock attempts are stamped.
    pub(super) clock: &'a dyn Clock,
    /// Gives leave for each attempt.
    pub(super) pass: &'a Pass,
    /// Pays for attempts after one that may have been billed.
    pub(super) funds: Funds<'a>,
    /// Tokens that an attempt may use of a rate limit.
    pub(super) tokens: u64,
}

/// Asks `question` as often as `policy` allows and the failures say that it makes sense, the
/// first time with `permit`. Once `settle` is cancelled no further attempt begins; the one in
/// flight is waited for.
///
/// An answer that its provider calls whole, and that has no text, is asked for once more; the
/// exchange that comes of it has used what both did.
pub(super) async fn ask_until_settled(
    target: Target<'_>,
    question: &Question,
    policy: &RetryPolicy,
    settle: &CancellationToken,
    mut permit: Permit,
) -> Asked {
    let Funds {
        worst_case,
        mut set_aside,
        ..
    } = target.funds;
    let deadline = Instant::now() + policy.deadline;
    let mut delays = delays(policy);
    let mut attempts: Vec<Attempt> = Vec::with_capacity(1);
    let mut without_text: Option<Exchange> = None;
    loop {
        let sent_at = target.clock.now();
        let provider = target.access.provider;
        let asking = catch_adapter_panic(provider, target.provider.ask(target.access, question));
        let exchange = before(deadline, provider, asking).await;
        permit.settle(verdict(&exchange));
        let attempt = attempt(sent_at, &exchange, worst_case);
        let is_paid = attempt.lost.is_some() || exchange.result.is_ok();
        if let Some(first) = without_text.take() {
            let used = first.result.as_ref().ok().map(|answer| answer.usage);
            if let Some(before) = attempts.last_mut().filter(|_| exchange.result.is_ok()) {
                before.without_text = used;
            }
            attempts.push(attempt);
            return Asked {
                attempts,
                exchange: after_one_without_text(first, exchange),
                set_aside,
            };
        }
        attempts.push(attempt);
        let Some(wait) = next_wait(&exchange, &mut delays, policy) else {
            return Asked {
                attempts,
                exchange,
                set_aside,
            };
        };
        let again = async {
            sleep(wait).await;
            if is_paid {
                if !target.funds.set_more_aside().await {
                    return None;
                }
                // At once: who stops waiting for the permit has it set aside all the same.
                set_aside += worst_case.amount;
            }
            Some(target.pass.acquire(target.tokens).await)
        };
        let next = tokio::select! {
            () = settle.cancelled() => None,
            () = sleep_until(deadline) => None,
            next = again => next,
        };
        match next {
            Some(next) => permit = next,
            None => {
                return Asked {
                    attempts,
                    exchange,
                    set_aside,
                };
            }
        }
        if exchange.result.is_ok() {
            without_text = Some(exchange);
        }
    }
}

/// What an exchange says about pace.
fn verdict(exchange: &Exchange) -> Verdict {
    let told = |allowance: Option<Allowance>| {
        let allowance = allowance?;
        Some((allowance.remaining, allowance.reset?))
    };
    let kind = match &exchange.result {
        Ok(_) => Kind::Answered,
        Err(failure) => match failure.class {
            ErrorClass::RateLimited | ErrorClass::Overloaded => Kind::Refused(failure.retry_after),
            _ if failure.retry && failure.retry_after.is_some() => {
                Kind::Refused(failure.retry_after)
            }
            _ => Kind::Other,
        },
    };
    Verdict {
        kind,
        requests: told(exchange.rate.requests),
        tokens: told(exchange.rate.tokens),
    }
}

/// Upper limits of the waits between attempts, each twice the one before.
fn delays(policy: &RetryPolicy) -> impl Iterator<Item = Duration> + use<> {
    let longest = policy.max_delay;
    iter::successors(Some(policy.first_delay), move |delay| {
        Some(delay.saturating_mul(2).min(longest))
    })
    .take(policy.max_attempts.saturating_sub(1))
}

/// How long to wait before the next attempt; `None`: there is none.
fn next_wait(
    exchange: &Exchange,
    delays: &mut impl Iterator<Item = Duration>,
    policy: &RetryPolicy,
) -> Option<Duration> {
    let asked_for = match &exchange.result {
        Ok(answer) if answer.worth_another => None,
        Err(failure) if failure.retry => failure.retry_after,
        _ => return None,
    };
    let jittered = full_jitter(delays.next()?);
    match asked_for {
        Some(asked) if asked > policy.longest_wait => None,
        // The jitter comes on top: all asks that were refused together must not return together.
        Some(asked) => Some(asked + jittered),
        None => Some(jittered),
    }
}

/// What came of asking once more after an answer without text: the second answer, which has cost
/// what both did, or the first if there is no second.
fn after_one_without_text(first: Exchange, mut second: Exchange) -> Exchange {
    match (&first.result, &mut second.result) {
        (Ok(before), Ok(answer)) => {
            answer.usage = together(before.usage, answer.usage);
            let costs = before.cost_reported.zip(answer.cost_reported);
            answer.cost_reported = costs.map(|(one, other)| one + other);
            second
        }
        _ => first,
    }
}

/// What two answers used. A count that is billed is known only where both are.
fn together(one: Usage, other: Usage) -> Usage {
    let billed = |one: Option<i64>, other: Option<i64>| Some(one?.saturating_add(other?));
    let told = |one: Option<i64>, other: Option<i64>| match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (known, None) | (None, known) => known,
    };
    Usage {
        input_tokens: billed(one.input_tokens, other.input_tokens),
        output_tokens: billed(one.output_tokens, other.output_tokens),
        cached_tokens: told(one.cached_tokens, other.cached_tokens),
        reasoning_tokens: told(one.reasoning_tokens, other.reasoning_tokens),
        searches: billed(one.searches, other.searches),
    }
}

/// Anything from nothing to `limit`: what spreads many clients best.
fn full_jitter(limit: Duration) -> Duration {
    limit.mul_f64(rand::rng().random_range(0.0..=1.0))
}

/// The exchange; where the adapter panics over it, a failure that may have been paid for.
async fn catch_adapter_panic(
    provider: ProviderName,
    asking: impl Future<Output = Exchange>,
) -> Exchange {
    let begun = Instant::now();
    let caught = AssertUnwindSafe(asking).catch_unwind().await;
    caught.unwrap_or_else(|_| {
        tracing::error!(%provider, "the adapter panicked");
        let message = "the adapter could not read the response".to_owned();
        failed_exchange(ErrorClass::BadResponse, message, begun.elapsed(), true)
    })
}

/// The exchange, or a timeout where it does not end in time.
async fn before(
    deadline: Instant,
    provider: ProviderName,
    asking: impl Future<Output = Exchange>,
) -> Exchange {
    let begun = Instant::now();
    let left = deadline.saturating_duration_since(begun);
    timeout(left, asking).await.unwrap_or_else(|_| {
        let message = format!("{} did not answer in time", provider.label());
        failed_exchange(ErrorClass::Timeout, message, begun.elapsed(), true)
    })
}

/// An exchange that brought nothing readable, and after which no other makes sense.
fn failed_exchange(
    class: ErrorClass,
    message: String,
    latency: Duration,
    may_be_billed: bool,
) -> Exchange {
    Exchange {
        result: Err(Failure {
            class,
            message,
            retry: false,
            retry_after: None,
            may_be_billed,
            request_id: None,
        }),
        status: None,
        latency,
        request_id: None,
        raw_body: bytes::Bytes::new(),
        rate: RateLimits::default(),
    }
}

fn attempt(sent_at: DateTime<Utc>, exchange: &Exchange, worst_case: Cost) -> Attempt {
    let failure = exchange.result.as_ref().err();
    Attempt {
        lost: failure
            .is_some_and(|failure| failure.may_be_billed)
            .then_some(worst_case),
        sent_at,
        status: exchange.status,
        error_class: failure.map(|failure| failure.class),
        latency: exchange.latency,
        request_id: exchange.request_id.clone(),
        without_text: None,
    }
}

#[cfg(test)]
#[path = "attempt_tests.rs"]
mod tests;
