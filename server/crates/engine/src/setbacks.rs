//! Lanes that a worker could not go on with: each rests before it is claimed again, longer each
//! time, and ends after a few.
//!
//! Invariant: counts only what went wrong in a row. A lane that is left in good order is forgotten,
//! and one of which fewer asks wait than the last time has come further in between.

use std::collections::HashMap;
use std::time::Duration;

use contract::ids::LaneId;
use tokio::time::Instant;

use super::work::LaneHold;

/// Setbacks in a row after which a lane ends.
const MOST: u32 = 5;
/// The first rest: as long as a lease, so that whoever else can take the lane does.
const FIRST_REST: Duration = super::LEASE;
const LONGEST_REST: Duration = Duration::from_mins(5);

/// What went wrong with which lanes.
#[derive(Debug, Default)]
pub(super) struct Setbacks(HashMap<LaneId, Setback>);

#[derive(Debug)]
struct Setback {
    hold: LaneHold,
    /// Asks that waited when it was claimed.
    waiting: usize,
    in_a_row: u32,
    rests_until: Instant,
    reason: String,
}

impl Setbacks {
    /// Notes that a lane could not go on. `waiting` is how many of its asks waited when it was
    /// claimed.
    pub(super) fn note(&mut self, hold: LaneHold, waiting: usize, reason: String, now: Instant) {
        let before = self
            .in_a_row(hold.lane, waiting)
            .map_or(0, |setback| setback.in_a_row);
        let rest = FIRST_REST * 2_u32.saturating_pow(before.min(16));
        let setback = Setback {
            waiting,
            in_a_row: before + 1,
            rests_until: now + rest.min(LONGEST_REST),
            reason,
            hold,
        };
        self.0.insert(setback.hold.lane, setback);
    }

    /// A lane was left in good order, or belongs to another worker.
    pub(super) fn forget(&mut self, lane: LaneId) {
        self.0.remove(&lane);
    }

    /// The lanes that are not to be claimed now. A lane without news for long belongs to another
    /// worker and is forgotten.
    pub(super) fn resting(&mut self, now: Instant) -> Vec<LaneHold> {
        self.0
            .retain(|_, setback| now < setback.rests_until + 2 * LONGEST_REST);
        self.0
            .values()
            .filter(|setback| now < setback.rests_until)
            .map(|setback| setback.hold.clone())
            .collect()
    }

    /// Why a lane has to end: the reason of its last setback, if there were too many in a row.
    /// `waiting` is how many of its asks wait.
    pub(super) fn reason_to_give_up(&self, lane: LaneId, waiting: usize) -> Option<&str> {
        let setback = self.in_a_row(lane, waiting)?;
        (setback.in_a_row >= MOST).then_some(setback.reason.as_str())
    }

    /// What went wrong with a lane since it last came further: every ask that waits no more has
    /// its outcome, whoever wrote it.
    fn in_a_row(&self, lane: LaneId, waiting: usize) -> Option<&Setback> {
        self.0
            .get(&lane)
            .filter(|setback| waiting >= setback.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold() -> LaneHold {
        LaneHold {
            lane: LaneId(7),
            worker: "one".into(),
            epoch: 1,
        }
    }

    #[test]
    fn each_rest_is_longer_and_they_have_an_end() {
        let mut setbacks = Setbacks::default();
        let mut now = Instant::now();
        let mut last = Duration::ZERO;
        for number in 1..=MOST {
            assert_eq!(setbacks.reason_to_give_up(LaneId(7), 3), None, "{number}");
            setbacks.note(hold(), 3, format!("reason {number}"), now);
            let mut rest = Duration::ZERO;
            while !setbacks.resting(now + rest).is_empty() {
                rest += Duration::from_secs(1);
            }
            assert!(rest > last && rest <= LONGEST_REST, "{number}: {rest:?}");
            last = rest;
            now += rest;
        }
        assert_eq!(setbacks.reason_to_give_up(LaneId(7), 3), Some("reason 5"));
    }

    #[test]
    fn a_lane_in_good_order_begins_anew() {
        let mut setbacks = Setbacks::default();
        let now = Instant::now();
        for _ in 0..MOST {
            setbacks.note(hold(), 3, "it broke".to_owned(), now);
        }
        setbacks.forget(LaneId(7));
        assert_eq!(setbacks.reason_to_give_up(LaneId(7), 3), None);
        assert!(setbacks.resting(now).is_empty());
    }

    #[test]
    fn a_lane_that_comes_further_each_time_does_not_end() {
        let mut setbacks = Setbacks::default();
        let now = Instant::now();
        for waiting in (0..20).rev() {
            assert_eq!(
                setbacks.reason_to_give_up(LaneId(7), waiting),
                None,
                "{waiting}"
            );
            setbacks.note(hold(), waiting, "it broke".to_owned(), now);
            let after = now + FIRST_REST;
            assert!(setbacks.resting(after).is_empty(), "the first rest again");
        }
        // Once it stands still they are counted, the last of those before included.
        for _ in 1..MOST {
            assert_eq!(setbacks.reason_to_give_up(LaneId(7), 0), None);
            setbacks.note(hold(), 0, "it broke".to_owned(), now);
        }
        assert_eq!(setbacks.reason_to_give_up(LaneId(7), 0), Some("it broke"));
    }
}
