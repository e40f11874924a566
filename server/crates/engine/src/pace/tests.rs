//! Permits under one clock that only the test moves.

use std::time::Duration;

use contract::ids::{ModelId, WorkspaceId};
use contract::provider::Provider;
use tokio::time::{Instant, timeout};

use super::dispatcher::{Dispatcher, Kind, Lane, LaneKey, Pass, Verdict};

const SECOND: Duration = Duration::from_secs(1);
const MANY: usize = 10_000;

fn lane(workspace: i64, model: i64) -> Lane {
    Lane {
        key: LaneKey {
            workspace: WorkspaceId(workspace),
            provider: Provider::OpenAi,
            model: ModelId(model),
        },
        first_window: super::FIRST_WINDOW,
        max_in_flight: 64,
        credential_limit: 512,
    }
}

fn take(pass: &Pass, count: usize) -> Vec<super::Permit> {
    pass.take(&vec![1; count]).permits
}

fn answered() -> Verdict {
    Verdict {
        kind: Kind::Answered,
        ..Verdict::default()
    }
}

fn refused(wait: Option<Duration>) -> Verdict {
    Verdict {
        kind: Kind::Refused(wait),
        ..Verdict::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_lane_begins_with_32_and_grows_with_answers() {
    let dispatcher = Dispatcher::new(MANY, SECOND);
    let pass = dispatcher.join(lane(1, 1));
    let permits = take(&pass, 100);
    assert_eq!(permits.len(), 32);
    assert!(take(&pass, 1).is_empty());
    for permit in permits {
        permit.settle(answered());
    }
    assert_eq!(pass.window(), 64, "as far as the model's row allows");
    assert_eq!(take(&pass, 100).len(), 64);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_halves_the_model_and_pauses_the_whole_credential() {
    let dispatcher = Dispatcher::new(MANY, 60 * SECOND);
    let (first, second) = (dispatcher.join(lane(1, 1)), dispatcher.join(lane(1, 2)));
    let stranger = dispatcher.join(lane(2, 1));
    let mut permits = take(&first, 32);
    permits
        .pop()
        .expect("one")
        .settle(refused(Some(2 * SECOND)));
    assert_eq!((first.window(), second.window()), (16, 32));
    let begun = Instant::now();
    let taken = second.take(&[1]);
    assert_eq!(
        (taken.permits.len(), taken.again_at),
        (0, Some(begun + 2 * SECOND))
    );
    assert_eq!(take(&stranger, 1).len(), 1, "another key goes on");
    drop(second.acquire(1).await);
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_pause_outlives_the_lane_that_caused_it_but_has_an_end() {
    let dispatcher = Dispatcher::new(MANY, 5 * SECOND);
    let pass = dispatcher.join(lane(1, 1));
    take(&pass, 1)
        .pop()
        .expect("one")
        .settle(refused(Some(3_600 * SECOND)));
    drop(pass);
    let pass = dispatcher.join(lane(1, 1));
    let begun = Instant::now();
    drop(pass.acquire(1).await);
    assert_eq!(begun.elapsed(), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn lanes_of_one_key_and_model_share_their_window() {
    let dispatcher = Dispatcher::new(MANY, SECOND);
    let (first, second) = (dispatcher.join(lane(1, 1)), dispatcher.join(lane(1, 1)));
    let held = take(&first, 20);
    assert_eq!(take(&second, 32).len(), 12);
    drop(held);
    assert_eq!(take(&second, 32).len(), 32);
}

#[tokio::test(start_paused = true)]
async fn the_credential_has_a_limit_over_all_its_models() {
    let dispatcher = Dispatcher::new(MANY, SECOND);
    let limited = |model| {
        dispatcher.join(Lane {
            credential_limit: 40,
            ..lane(1, model)
        })
    };
    let (first, second) = (limited(1), limited(2));
    let _held = take(&first, 32);
    assert_eq!(take(&second, 32).len(), 8);
}

#[tokio::test(start_paused = true)]
async fn rate_headers_are_obeyed_before_they_are_broken() {
    let dispatcher = Dispatcher::new(MANY, SECOND);
    let pass = dispatcher.join(lane(1, 1));
    let told = Verdict {
        requests: Some((3, 10 * SECOND)),
        tokens: Some((250, 20 * SECOND)),
        ..answered()
    };
    take(&pass, 1).pop().expect("one").settle(told);
    let begun = Instant::now();
    let taken = pass.take(&[100; 8]);
    assert_eq!(taken.permits.len(), 2, "250 tokens are two asks of 100");
    assert_eq!(taken.again_at, Some(begun + 20 * SECOND));
    drop(pass.acquire(100).await);
    assert_eq!(begun.elapsed(), 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_woken_by_what_comes_back() {
    let dispatcher = Dispatcher::new(MANY, SECOND);
    let pass = std::sync::Arc::new(dispatcher.join(lane(1, 1)));
    let mut held = take(&pass, 32);
    let waiter = {
        let pass = std::sync::Arc::clone(&pass);
        tokio::spawn(async move { pass.acquire(1).await })
    };
    tokio::task::yield_now().await;
    assert!(!waiter.is_finished());
    held.pop();
    assert!(timeout(SECOND, waiter).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_small_workspace_is_not_held_up_by_a_big_one() {
    let dispatcher = Dispatcher::new(16, SECOND);
    let big = dispatcher.join(lane(1, 1));
    let mut held = take(&big, 10_000);
    assert_eq!(held.len(), 14);
    let small = dispatcher.join(lane(2, 1));
    let mut small_held = take(&small, 10);
    assert_eq!(small_held.len(), 2, "at once");
    for _ in 0..6 {
        held.pop();
        assert!(take(&big, 10_000).is_empty());
        let wanted = 10 - small_held.len();
        small_held.extend(take(&small, wanted));
    }
    assert_eq!(small_held.len(), 8, "its half");
    drop(small_held);
    drop(small);
    held.extend(take(&big, 10_000));
    assert_eq!(held.len(), 14);
}
