//! The retry loop, in time that only tests have.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contract::ids::{ModelId, PriceId, WorkspaceId};
use contract::money::Money;
use contract::provider::Provider as ProviderName;
use contract::registry::PriceTier;
use contract::run::CostKind;
use proptest::prelude::*;
use providers::{Access, ErrorClass, Exchange, Outcome, Question};
use runtime::clock::SystemClock;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Asked, Attempt, Funds, MoneySource, MoneySourceError, RetryPolicy, Target, ask_until_settled,
    delays,
};
use crate::cost::{AskSize, Cost, Price};
use crate::pace::{Dispatcher, Lane, LaneKey};
use crate::scripted::{Scripted, Step, answer, failure};

const SECOND: Duration = Duration::from_secs(1);

fn question() -> Question {
    Question {
        model_id: "model-a".to_owned(),
        text: "Which soap?".to_owned(),
        web_search: false,
        language: "en".to_owned(),
        country: None,
        max_output_tokens: 100,
        hints: Vec::new(),
        instructions: None,
        form: None,
    }
}

async fn ask_with(
    provider: &Scripted,
    settle: &CancellationToken,
    money_source: &AttemptsPaidFor,
) -> (Vec<Attempt>, Exchange) {
    let asked = ask_whole(provider, settle, money_source).await;
    (asked.attempts, asked.exchange)
}

async fn ask_whole(
    provider: &Scripted,
    settle: &CancellationToken,
    money_source: &AttemptsPaidFor,
) -> Asked {
    let access = Access {
        provider: ProviderName::OpenAi,
        api_key: None,
        base_url: None,
        reach: providers::Reach::Anywhere,
    };
    let policy = RetryPolicy::default();
    let dispatcher = Dispatcher::new(100, policy.longest_wait);
    let pass = dispatcher.join(Lane {
        key: LaneKey {
            workspace: WorkspaceId(1),
            provider: ProviderName::OpenAi,
            model: ModelId(1),
        },
        first_window: 8,
        max_in_flight: 64,
        credential_limit: 64,
    });
    let target = Target {
        provider,
        access: &access,
        clock: &SystemClock,
        pass: &pass,
        funds: Funds {
            worst_case: WORST_CASE,
            set_aside: FIRST,
            money_source,
        },
        tokens: 100,
    };
    let permit = pass.acquire(100).await;
    ask_until_settled(target, &question(), &policy, settle, permit).await
}

const WORST_CASE: Cost = Cost {
    amount: Money::from_nanos(5),
    kind: CostKind::WorstCase,
    price: None,
};

/// What is set aside for the first attempt.
const FIRST: Money = Money::from_nanos(7);

/// Money for so many more attempts.
struct AttemptsPaidFor(AtomicUsize);

#[async_trait]
impl MoneySource for AttemptsPaidFor {
    async fn reserve(&self, amount: Money) -> Result<bool, MoneySourceError> {
        assert_eq!(amount, WORST_CASE.amount);
        let take = |left: usize| left.checked_sub(1);
        let taken = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take);
        Ok(taken.is_ok())
    }
}

async fn ask(provider: &Scripted, settle: &CancellationToken) -> (Vec<Attempt>, Exchange) {
    ask_with(provider, settle, &AttemptsPaidFor(AtomicUsize::new(100))).await
}

async fn ask_by(
    script: impl Fn(usize) -> Step + Send + Sync + 'static,
) -> (Vec<Attempt>, Exchange, Duration) {
    let provider = Scripted::new(move |_, _, attempt| script(attempt));
    let begun = Instant::now();
    let (attempts, exchange) = ask(&provider, &CancellationToken::new()).await;
    (attempts, exchange, begun.elapsed())
}

fn wait_asked(attempt_class: ErrorClass, wait: Duration) -> Step {
    let mut step = failure(attempt_class, true, SECOND);
    if let Err(failure) = &mut step.result {
        failure.retry_after = Some(wait);
    }
    step
}

#[tokio::test(start_paused = true)]
async fn an_answer_needs_no_second_attempt() {
    let (attempts, exchange, _) = ask_by(|_| answer("Kipu", SECOND)).await;
    assert!(exchange.result.is_ok());
    assert_eq!(attempts.len(), 1);
    assert_eq!(
        (attempts[0].status, attempts[0].error_class),
        (Some(200), None)
    );
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_and_every_attempt_is_kept() {
    let (attempts, exchange, _) = ask_by(|attempt| match attempt {
        1 => failure(ErrorClass::Overloaded, true, SECOND),
        2 => failure(ErrorClass::RateLimited, true, SECOND),
        _ => answer("Kipu", SECOND),
    })
    .await;
    assert!(exchange.result.is_ok());
    let classes: Vec<_> = attempts.iter().map(|attempt| attempt.error_class).collect();
    assert_eq!(
        classes,
        [
            Some(ErrorClass::Overloaded),
            Some(ErrorClass::RateLimited),
            None
        ]
    );
    assert_eq!(attempts[2].request_id.as_deref(), Some("attempt-3"));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_not_tried_again() {
    let (attempts, exchange, _) =
        ask_by(|_| failure(ErrorClass::BadParameter, false, SECOND)).await;
    assert_eq!(
        exchange.result.expect_err("a failure").class,
        ErrorClass::BadParameter
    );
    assert_eq!(attempts.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn four_attempts_are_enough() {
    let (attempts, _, took) = ask_by(|_| failure(ErrorClass::ProviderFault, true, SECOND)).await;
    assert_eq!(attempts.len(), 4);
    // Four seconds of failing, and at most 0.5 + 1 + 2 of waiting.
    assert!(took <= Duration::from_millis(7_550), "{took:?}");
}

#[test]
fn waits_double_up_to_the_longest() {
    let waits = |max_attempts: usize, first: u64, longest: u64| -> Vec<u64> {
        let policy = RetryPolicy {
            max_attempts,
            first_delay: Duration::from_secs(first),
            max_delay: Duration::from_secs(longest),
            ..RetryPolicy::default()
        };
        delays(&policy).map(|wait| wait.as_secs()).collect()
    };
    assert_eq!(waits(6, 1, 5), [1, 2, 4, 5, 5]);
    assert_eq!(waits(3, 7, 5), [7, 5]);
    assert!(waits(1, 1, 5).is_empty() && waits(0, 1, 5).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_provider_asks_for_is_kept() {
    let (attempts, exchange, took) = ask_by(|attempt| match attempt {
        1 => wait_asked(ErrorClass::RateLimited, Duration::from_secs(30)),
        _ => answer("Kipu", SECOND),
    })
    .await;
    assert!(exchange.result.is_ok());
    assert_eq!(attempts.len(), 2);
    assert!(
        took >= Duration::from_secs(32) && took <= Duration::from_millis(32_600),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_the_end() {
    let (attempts, _, took) =
        ask_by(|_| wait_asked(ErrorClass::RateLimited, Duration::from_hours(1))).await;
    assert_eq!(attempts.len(), 1);
    assert!(took <= 2 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_takes_longer_than_the_deadline() {
    let (attempts, exchange, took) = ask_by(|_| answer("late", Duration::from_secs(4_000))).await;
    let failure = exchange.result.expect_err("a timeout");
    assert_eq!((failure.class, failure.retry), (ErrorClass::Timeout, false));
    assert_eq!(attempts[0].error_class, Some(ErrorClass::Timeout));
    assert!(took <= Duration::from_millis(600_100), "{took:?}");

    let slow = Duration::from_secs(400);
    let (attempts, _, took) = ask_by(move |_| failure_after(slow)).await;
    assert_eq!(attempts.len(), 2);
    assert!(took <= Duration::from_millis(600_100), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_may_be_billed_is_booked_and_paid_for_before_the_next() {
    for (paid_for, attempts) in [(0, 1), (1, 2), (100, 4)] {
        let provider = Scripted::new(|_, _, _| failure(ErrorClass::Timeout, true, SECOND));
        let money_source = AttemptsPaidFor(AtomicUsize::new(paid_for));
        let (tried, _) = ask_with(&provider, &CancellationToken::new(), &money_source).await;
        assert_eq!(tried.len(), attempts, "{paid_for} paid for");
        assert!(tried.iter().all(|attempt| attempt.lost == Some(WORST_CASE)));
    }
    let provider = Scripted::new(|_, _, _| failure(ErrorClass::Overloaded, true, SECOND));
    let money_source = AttemptsPaidFor(AtomicUsize::new(0));
    let (tried, _) = ask_with(&provider, &CancellationToken::new(), &money_source).await;
    assert_eq!(tried.len(), 4, "a refusal costs nothing");
    assert!(tried.iter().all(|attempt| attempt.lost.is_none()));
}

#[tokio::test(start_paused = true)]
async fn what_is_set_aside_is_told_in_all() {
    for (class, paid_for, set_aside) in [
        (ErrorClass::Timeout, 0, 7),
        (ErrorClass::Timeout, 1, 12),
        (ErrorClass::Timeout, 100, 22),
        // A refusal costs nothing.
        (ErrorClass::Overloaded, 100, 7),
    ] {
        let provider = Scripted::new(move |_, _, _| failure(class, true, SECOND));
        let money_source = AttemptsPaidFor(AtomicUsize::new(paid_for));
        let asked = ask_whole(&provider, &CancellationToken::new(), &money_source).await;
        assert_eq!(asked.set_aside.nanos(), set_aside, "{class:?}, {paid_for}");
    }
}

/// A whole answer without text, which a provider was paid for.
fn without_text(after: Duration) -> Step {
    let mut step = answer("", after);
    if let Ok(answer) = &mut step.result {
        answer.outcome = Outcome::Empty;
        answer.worth_another = true;
    }
    step
}

#[tokio::test(start_paused = true)]
async fn a_whole_answer_without_text_is_asked_for_once_more_and_both_are_paid() {
    /// What each attempt brings, how it ends, tokens read, and attempts.
    type Script = (fn(usize) -> Step, Outcome, i64, usize);
    let used = |exchange: &Exchange| {
        let answer = exchange.result.as_ref().expect("an answer");
        (
            answer.outcome,
            answer.usage.input_tokens,
            answer.usage.output_tokens,
        )
    };
    // A second one with text, without text, and none.
    let scripts: [Script; 3] = [
        (
            |attempt| {
                if attempt == 1 {
                    without_text(SECOND)
                } else {
                    answer("Kipu", SECOND)
                }
            },
            Outcome::Answered,
            2,
            2,
        ),
        (|_| without_text(SECOND), Outcome::Empty, 2, 2),
        (
            |attempt| {
                if attempt == 1 {
                    without_text(SECOND)
                } else {
                    failure_after(SECOND)
                }
            },
            Outcome::Empty,
            1,
            2,
        ),
    ];
    for (script, outcome, paid, attempts) in scripts {
        let (tried, exchange, _) = ask_by(script).await;
        assert_eq!(tried.len(), attempts, "{outcome:?}");
        let first = tried[0].without_text.and_then(|usage| usage.input_tokens);
        assert_eq!(first, (paid == 2).then_some(100), "priced by itself");
        assert_eq!(
            used(&exchange),
            (outcome, Some(100 * paid), Some(50 * paid))
        );
    }
    // Without money for another one the first stands.
    let provider = Scripted::new(|_, _, _| without_text(SECOND));
    let money_source = AttemptsPaidFor(AtomicUsize::new(0));
    let (tried, exchange) = ask_with(&provider, &CancellationToken::new(), &money_source).await;
    assert_eq!((tried.len(), used(&exchange).0), (1, Outcome::Empty));
}

/// A price that doubles for an ask of more than 120 tokens: two of a hundred are below it.
#[tokio::test(start_paused = true)]
async fn what_two_asks_cost_is_said_for_each() {
    let price = Price {
        id: PriceId(7),
        starts_at: DateTime::<Utc>::UNIX_EPOCH,
        input: Money::from_usd(2),
        output: Money::from_usd(10),
        cached_input: None,
        search_fee: None,
        tier: Some(PriceTier {
            above_tokens: 120,
            input: Money::from_usd(4),
            output: Money::from_usd(20),
            cached_input: None,
        }),
    };
    let size = AskSize {
        question_bytes: 1_000,
        max_output_tokens: 1_000,
        web_search: false,
    };
    let (attempts, exchange, _) = ask_by(|attempt| match attempt {
        1 => without_text(SECOND),
        _ => answer("Kipu", SECOND),
    })
    .await;
    let asked = Asked {
        attempts,
        exchange,
        set_aside: Money::ZERO,
    };
    let costs = asked.costs(Some(price), size);
    // 2 x (100 x 2,000 + 50 x 10,000) nano-dollars.
    let amounts: Vec<Money> = costs.iter().map(|cost| cost.amount).collect();
    assert_eq!(amounts, [Money::from_nanos(1_400_000)]);
}

fn failure_after(time: Duration) -> Step {
    failure(ErrorClass::Network, true, time)
}

#[tokio::test(start_paused = true)]
async fn who_settles_tries_nothing_again() {
    let provider = Scripted::new(|_, _, _| wait_asked(ErrorClass::RateLimited, 60 * SECOND));
    let settle = CancellationToken::new();
    let begun = Instant::now();
    let (tried, ()) = tokio::join!(ask(&provider, &settle), async {
        tokio::time::sleep(5 * SECOND).await;
        settle.cancel();
    });
    assert_eq!(tried.0.len(), 1);
    assert!(begun.elapsed() <= Duration::from_millis(5_100));
    assert_eq!(ask(&provider, &settle).await.0.len(), 1);
}

proptest! {
    #[test]
    fn attempts_are_bounded_and_only_the_last_may_bring_an_answer(
        script in proptest::collection::vec((0_u8..4, 0_u64..120, 0_u64..150), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().expect("a runtime");
        let (attempts, exchange, took) = runtime.block_on(ask_by(move |attempt| {
            let (kind, seconds, wait) = script[(attempt - 1) % script.len()];
            let after = Duration::from_secs(seconds);
            match kind {
                0 => answer("Kipu", after),
                1 => failure(ErrorClass::BadResponse, false, after),
                2 => failure(ErrorClass::Overloaded, true, after),
                _ => wait_asked(ErrorClass::RateLimited, Duration::from_secs(wait)),
            }
        }));
        prop_assert!((1..=4).contains(&attempts.len()));
        prop_assert!(took <= Duration::from_millis(600_100));
        let (last, before) = attempts.split_last().expect("one at least");
        prop_assert!(before.iter().all(|attempt| attempt.error_class.is_some()));
        prop_assert_eq!(last.error_class, exchange.result.err().map(|failure| failure.class));
    }
}
