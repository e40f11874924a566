//! How often somebody may do something: a bucket for each, which fills again by itself.
//!
//! Invariant: knows neither who they are nor what they do; counts in this process alone.

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// Those whose bucket is full again are forgotten when there are more than this.
const FORGET_ABOVE: usize = 10_000;
/// A look at all buckets takes its time; so long it is not taken again.
const FORGET_EVERY: Duration = Duration::from_secs(1);

type Limiter =
    RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// How fast a bucket fills, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// So many come back within `within`.
    pub(crate) many: NonZeroU32,
    /// In which they come back.
    pub(crate) within: Duration,
    /// What a full bucket holds.
    pub(crate) at_once: NonZeroU32,
}

/// Buckets of one rate.
pub(crate) struct Buckets {
    limiter: Limiter,
    clock: DefaultClock,
    rate: Rate,
    forgot_at: Mutex<Instant>,
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// How it fills.
    pub(crate) rate: Rate,
    /// So many may follow at once.
    pub(crate) remaining: u32,
    /// Until the next is let through, where this one was not.
    pub(crate) wait_seconds: Option<u64>,
}

impl Buckets {
    /// Full buckets.
    pub(crate) fn new(rate: Rate) -> Self {
        let quota = Quota::with_period(rate.within / rate.many.get())
            .unwrap_or_else(|| Quota::per_second(rate.many))
            .allow_burst(rate.at_once);
        Self {
            limiter: RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>(),
            clock: DefaultClock::default(),
            rate,
            forgot_at: Mutex::new(Instant::now()),
        }
    }

    /// Takes one out of somebody's bucket.
    pub(crate) fn take(&self, whose: impl Into<String>) -> Left {
        self.forget();
        let left = |remaining, wait_seconds| Left {
            rate: self.rate,
            remaining,
            wait_seconds,
        };
        match self.limiter.check_key(&whose.into()) {
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
    pub(crate) fn reset_seconds(self) -> u32 {
        let used = u64::from(self.rate.at_once.get().saturating_sub(self.remaining));
        let seconds = (used * self.rate.within.as_secs()).div_ceil(self.rate.many.get().into());
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many a minute, and so many at once.
    fn buckets(per_minute: u32, at_once: u32) -> Buckets {
        Buckets::new(Rate {
            many: NonZeroU32::new(per_minute).expect("a rate"),
            within: Duration::from_mins(1),
            at_once: NonZeroU32::new(at_once).expect("a limit"),
        })
    }

    #[test]
    fn a_bucket_tells_what_is_left_and_when_it_is_full_again() {
        let buckets = buckets(3, 3);
        let told: Vec<(u32, u32)> = (0..3)
            .map(|_| buckets.take("somebody"))
            .map(|left| (left.remaining, left.reset_seconds()))
            .collect();
        assert_eq!(told, [(2, 20), (1, 40), (0, 60)]);
        let refused = buckets.take("somebody");
        assert!(
            refused
                .wait_seconds
                .is_some_and(|wait| (1..=20).contains(&wait))
        );
        assert_eq!(buckets.take("somebody else").remaining, 2);
    }

    #[test]
    fn a_burst_is_full_again_sooner_than_a_minute() {
        let buckets = buckets(600, 200);
        let left = buckets.take("somebody");
        assert_eq!((left.remaining, left.reset_seconds()), (199, 1));
        for _ in 0..100 {
            buckets.take("somebody");
        }
        assert!(buckets.take("somebody").reset_seconds() <= 11);
    }

    #[test]
    fn buckets_of_many_strangers_are_forgotten_once_they_are_full() {
        let buckets = buckets(60_000, 60_000);
        for number in 0..=FORGET_ABOVE {
            buckets.take(number.to_string());
        }
        std::thread::sleep(FORGET_EVERY);
        buckets.take("another");
        assert!(
            buckets.limiter.len() < FORGET_ABOVE,
            "{}",
            buckets.limiter.len()
        );
    }
}
