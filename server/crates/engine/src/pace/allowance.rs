//! What a provider's rate headers leave over until they are reset.
//!
//! A header counts the requests that had arrived when it was written. A header does not count the
//! requests that were sent after its own, so they are subtracted. When nothing else is in flight,
//! the header is exact.
//!
//! Invariant: pure; whoever calls brings the time.

use tokio::time::{Duration, Instant};

/// More sends than this after one whose answer is awaited are not remembered one by one.
const REMEMBERED: usize = 4_096;

/// What is left of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    units: u64,
    until: Instant,
}

/// One limit of a key and model: of requests, or of tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance {
    left: Option<Left>,
    /// Units of each send since the newest that brought a header, oldest first.
    sent: std::collections::VecDeque<(u64, u64)>,
    /// The newest send that brought a header.
    reported_by: Option<u64>,
}

impl Allowance {
    /// From when on a send of `units` is within the limit; `None`: now.
    pub(super) fn blocked_until(&self, units: u64, now: Instant) -> Option<Instant> {
        let left = self.left.filter(|left| left.until > now)?;
        (left.units < units).then_some(left.until)
    }

    /// The send of this number uses `units`.
    pub(super) fn sent(&mut self, number: u64, units: u64) {
        if let Some(left) = &mut self.left {
            left.units = left.units.saturating_sub(units);
        }
        if self.sent.len() == REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back((number, units));
    }

    /// The answer to the send of this number says that `remaining` units are left, for `reset`.
    pub(super) fn note_reported(
        &mut self,
        number: u64,
        remaining: u64,
        reset: Duration,
        now: Instant,
    ) {
        // Answers overtake each other; an older word is stale.
        if self.reported_by.is_some_and(|newest| newest > number) {
            return;
        }
        self.reported_by = Some(number);
        while self.sent.front().is_some_and(|&(sent, _)| sent <= number) {
            self.sent.pop_front();
        }
        let since: u64 = self.sent.iter().map(|&(_, units)| units).sum();
        self.left = Some(Left {
            units: remaining.saturating_sub(since),
            until: now + reset,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn nothing_is_blocked_before_a_header_came() {
        let now = Instant::now();
        let mut allowance = Allowance::default();
        allowance.sent(0, 1);
        assert_eq!(allowance.blocked_until(1_000_000, now), None);
    }

    #[tokio::test]
    async fn what_is_left_is_used_up_and_comes_back_with_the_reset() {
        let now = Instant::now();
        let mut allowance = Allowance::default();
        allowance.sent(0, 1);
        allowance.note_reported(0, 2, MINUTE, now);
        assert_eq!(allowance.blocked_until(1, now), None);
        allowance.sent(1, 1);
        allowance.sent(2, 1);
        assert_eq!(allowance.blocked_until(1, now), Some(now + MINUTE));
        assert_eq!(allowance.blocked_until(1, now + MINUTE), None);
    }

    #[tokio::test]
    async fn sends_that_the_header_cannot_know_are_taken_off() {
        let now = Instant::now();
        let mut allowance = Allowance::default();
        for number in 0..10 {
            allowance.sent(number, 1);
        }
        // Written when request 3 arrived: 4 to 9 were still on their way.
        allowance.note_reported(3, 7, MINUTE, now);
        assert_eq!(allowance.blocked_until(1, now), None);
        allowance.sent(10, 1);
        assert_eq!(allowance.blocked_until(1, now), Some(now + MINUTE));
        // The answer to request 2 is older news.
        allowance.note_reported(2, 8, MINUTE, now);
        assert_eq!(allowance.blocked_until(1, now), Some(now + MINUTE));
        // With the last one back, its word is the truth.
        allowance.note_reported(10, 3, MINUTE, now);
        assert_eq!(allowance.blocked_until(3, now), None);
        assert_eq!(allowance.blocked_until(4, now), Some(now + MINUTE));
    }
}
