//! Lanes that a worker could not go on with: each rests before it is claimed again, longer each
//! time, and ends after a few.
//!
//! Invariant: counts only what went wrong in a row; a lane that is left in good order is forgotten.

use std::collections::HashMap;
use std::time::Duration;

use app::model::ids::LaneId;
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
    in_a_row: u32,
    rests_until: Instant,
    reason: String,
}

impl Setbacks {
    /// A lane could not be gone on with.
    pub(super) fn note(&mut self, hold: LaneHold, reason: String, now: Instant) {
        let before = self.0.get(&hold.lane).map_or(0, |setback| setback.in_a_row);
        let rest = FIRST_REST * 2_u32.saturating_pow(before.min(16));
        let setback = Setback {
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

    /// The lanes that are not to be claimed now. Those of which nothing was heard for long, since
    /// another worker took them, are forgotten.
    pub(super) fn resting(&mut self, now: Instant) -> Vec<LaneHold> {
        self.0
            .retain(|_, setback| now < setback.rests_until + 2 * LONGEST_REST);
        self.0
            .values()
            .filter(|setback| now < setback.rests_until)
            .map(|setback| setback.hold.clone())
            .collect()
    }

    /// Why a lane has to end, where it went wrong too often.
    pub(super) fn hopeless(&self, lane: LaneId) -> Option<&str> {
        let setback = self.0.get(&lane)?;
        (setback.in_a_row >= MOST).then_some(setback.reason.as_str())
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
            assert_eq!(setbacks.hopeless(LaneId(7)), None, "{number}");
            setbacks.note(hold(), format!("reason {number}"), now);
            let mut rest = Duration::ZERO;
            while !setbacks.resting(now + rest).is_empty() {
                rest += Duration::from_secs(1);
            }
            assert!(rest > last && rest <= LONGEST_REST, "{number}: {rest:?}");
            last = rest;
            now += rest;
        }
        assert_eq!(setbacks.hopeless(LaneId(7)), Some("reason 5"));
    }

    #[test]
    fn a_lane_in_good_order_begins_anew() {
        let mut setbacks = Setbacks::default();
        let now = Instant::now();
        for _ in 0..MOST {
            setbacks.note(hold(), "it broke".to_owned(), now);
        }
        setbacks.forget(LaneId(7));
        assert_eq!(setbacks.hopeless(LaneId(7)), None);
        assert!(setbacks.resting(now).is_empty());
    }
}
