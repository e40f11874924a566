//! What a worker does with all work that it holds, be it a lane or a judge pass: it has asks in
//! flight, renews its lease, writes again what a database that does not answer has not taken, and
//! gives up what is in flight when the host goes down and its time is over.
//!
//! Invariant: knows neither lanes nor passes. What is asked and what is written is theirs, and so
//! is whether the work is done, or given back.

use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::ports::LaneError;

/// How often a lease is renewed: two of three may fail.
pub(super) const RENEW: Duration = Duration::from_secs(3);
/// Waits between attempts to reach a database that does not answer.
const FIRST_REACH: Duration = Duration::from_millis(50);
const LAST_REACH: Duration = Duration::from_millis(500);

/// Work that is held, with asks in flight that each bring a `T`.
pub struct HeldWork<T> {
    in_flight: JoinSet<T>,
    settle: CancellationToken,
    renew: Interval,
    shutdown: CancellationToken,
    drain: Duration,
    /// When asks in flight are given up, because the host is going down.
    give_up_at: Option<Instant>,
}

/// What happens to work that is held.
#[derive(Debug)]
pub enum WorkEvent<T> {
    /// An ask came back.
    Back(T),
    /// The lease is to be renewed.
    RenewalIsDue,
    /// The host goes down: nothing more is to be begun. What is in flight makes no further attempt,
    /// and once the time to drain is over it is given up.
    GoingDown,
}

impl<T: Send + 'static> HeldWork<T> {
    /// Work that was just claimed. Once `shutdown` is cancelled, what is in flight is waited for as
    /// long as `drain` says.
    pub fn new(shutdown: CancellationToken, drain: Duration) -> Self {
        Self {
            in_flight: JoinSet::new(),
            settle: CancellationToken::new(),
            renew: ticks(RENEW),
            shutdown,
            drain,
            give_up_at: None,
        }
    }

    /// Begins an ask, in a task of its own.
    pub fn begin(&mut self, asking: impl Future<Output = T> + Send + 'static) {
        self.in_flight.spawn(asking);
    }

    /// Asks that are in flight, or came back and were not taken yet.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Whether no ask is in flight.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// Once this is cancelled, asks in flight make no further attempt.
    pub const fn settle(&self) -> &CancellationToken {
        &self.settle
    }

    /// Whether the host goes down: nothing more is to be begun.
    pub fn is_going_down(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// Waits for what happens next. Whoever stops waiting misses nothing.
    ///
    /// # Errors
    /// [`LaneError::Refused`] where an ask panicked.
    pub async fn next(&mut self) -> Result<WorkEvent<T>, LaneError> {
        tokio::select! {
            Some(ended) = self.in_flight.join_next() => {
                Ok(brought(ended)?.map_or(WorkEvent::GoingDown, WorkEvent::Back))
            }
            _ = self.renew.tick() => Ok(WorkEvent::RenewalIsDue),
            () = self.shutdown.cancelled(), if self.give_up_at.is_none() => {
                self.begin_to_drain();
                Ok(WorkEvent::GoingDown)
            }
            () = at(self.give_up_at), if self.give_up_at.is_some() => {
                self.in_flight.abort_all();
                Ok(WorkEvent::GoingDown)
            }
        }
    }

    /// Another ask that is back already.
    ///
    /// # Errors
    /// [`LaneError::Refused`] where it panicked.
    pub fn try_next(&mut self) -> Result<Option<T>, LaneError> {
        while let Some(ended) = self.in_flight.try_join_next() {
            if let Some(back) = brought(ended)? {
                return Ok(Some(back));
            }
        }
        Ok(None)
    }

    /// Waits before what could not be written because of `error` is handed over again, longer with
    /// each of the `failures` before: it is here only.
    ///
    /// # Errors
    /// `error`, where handing it over again makes no sense: something else is wrong than that the
    /// database does not answer, or the host goes down and the time to drain is over.
    pub async fn wait_to_write_again(
        &mut self,
        error: LaneError,
        failures: u32,
    ) -> Result<(), LaneError> {
        match error {
            LaneError::Unreachable(reason) if !self.is_too_late() => {
                tracing::warn!(reason, "what came back is written again");
            }
            error => return Err(error),
        }
        let longer = FIRST_REACH.saturating_mul(2_u32.saturating_pow(failures));
        tokio::select! {
            () = sleep(longer.min(LAST_REACH)) => {}
            () = self.shutdown.cancelled(), if self.give_up_at.is_none() => self.begin_to_drain(),
        }
        Ok(())
    }

    fn begin_to_drain(&mut self) {
        self.give_up_at = Some(Instant::now() + self.drain);
        self.settle.cancel();
    }

    fn is_too_late(&self) -> bool {
        self.give_up_at
            .is_some_and(|moment| moment <= Instant::now())
    }
}

/// What an ask brought; nothing where it was given up when the time to drain was over. Whoever
/// claims the work books it.
fn brought<T>(ended: Result<T, JoinError>) -> Result<Option<T>, LaneError> {
    match ended {
        Ok(back) => Ok(Some(back)),
        Err(error) if error.is_cancelled() => Ok(None),
        Err(error) => Err(LaneError::Refused(error.to_string())),
    }
}

/// A database that does not answer for a moment is no reason to give up what is held.
///
/// # Errors
/// Whatever else went wrong.
pub fn ignore_unreachable(result: Result<(), LaneError>) -> Result<(), LaneError> {
    match result {
        Err(LaneError::Unreachable(reason)) => {
            tracing::warn!(reason, "what is held could not be looked after");
            Ok(())
        }
        other => other,
    }
}

/// Ready at `moment`; never where there is none.
pub(super) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

pub(super) fn ticks(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn after(time: Duration, number: u32) -> u32 {
        sleep(time).await;
        number
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_renewed_while_asks_are_in_flight() {
        let mut work = HeldWork::new(CancellationToken::new(), SECOND);
        work.begin(after(10 * SECOND, 1));
        work.begin(after(10 * SECOND, 2));
        let mut renewals = 0;
        let first = loop {
            match work.next().await.expect("nothing panics") {
                WorkEvent::Back(number) => break number,
                WorkEvent::RenewalIsDue => renewals += 1,
                WorkEvent::GoingDown => unreachable!("the host stays"),
            }
        };
        assert_eq!(renewals, 3);
        sleep(SECOND).await;
        let second = work.try_next().expect("nothing panics");
        assert_eq!(second.map(|second| second + first), Some(3));
        assert!(work.is_idle() && !work.settle().is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_goes_down_waits_until_its_time_is_over() {
        let shutdown = CancellationToken::new();
        let mut work = HeldWork::new(shutdown.clone(), 20 * SECOND);
        work.begin(after(10 * SECOND, 1));
        work.begin(after(60 * SECOND, 2));
        assert!(!work.is_going_down());
        shutdown.cancel();
        assert!(work.is_going_down());
        let (begun, mut back) = (Instant::now(), Vec::new());
        while !work.is_idle() {
            match work.next().await.expect("nothing panics") {
                WorkEvent::Back(number) => back.push(number),
                WorkEvent::RenewalIsDue => {}
                WorkEvent::GoingDown => assert!(work.settle().is_cancelled()),
            }
        }
        assert_eq!(back, [1], "the other was given up");
        let took = begun.elapsed();
        assert!((20 * SECOND..21 * SECOND).contains(&took), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_ask_that_panics_is_told() {
        let mut work = HeldWork::new(CancellationToken::new(), SECOND);
        work.begin(async {
            let number = after(SECOND, 1).await;
            assert_eq!(number, 2, "as the script says");
            number
        });
        let told = work.next().await;
        assert!(matches!(told, Err(LaneError::Refused(_))), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_does_not_answer_is_tried_as_long_as_the_host_may_wait() {
        let unreachable = || LaneError::Unreachable("as the script says".to_owned());
        let shutdown = CancellationToken::new();
        let mut work: HeldWork<u32> = HeldWork::new(shutdown.clone(), 2 * SECOND);
        let begun = Instant::now();
        for failures in 0..100 {
            let again = work.wait_to_write_again(unreachable(), failures).await;
            again.expect("it is tried again");
        }
        // 50, 100, 200 and 400 ms, then half a second each.
        let took = begun.elapsed();
        assert!((48 * SECOND..50 * SECOND).contains(&took), "{took:?}");
        let lost = work.wait_to_write_again(LaneError::Lost, 0).await;
        assert!(matches!(lost, Err(LaneError::Lost)), "{lost:?}");

        shutdown.cancel();
        let (going_down_at, mut failures) = (Instant::now(), 0);
        let given_up = loop {
            match work.wait_to_write_again(unreachable(), failures).await {
                Ok(()) => failures += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(given_up, LaneError::Unreachable(_)), "{given_up}");
        assert!(work.settle().is_cancelled());
        let took = going_down_at.elapsed();
        assert!((2 * SECOND..3 * SECOND).contains(&took), "{took:?}");
    }
}
