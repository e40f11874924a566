//! States of runs as a window comes to know them, in whatever order.
//!
//! Invariant: pure. Nothing here asks the host.

use crate::model::ids::RunId;
use crate::model::run::RunView;

/// More runs than a workspace has under way are not kept.
const MOST: usize = 100;

/// How far a run is: of two states of it the lower one is the older one.
pub fn progress(run: &RunView) -> (bool, i64, i64) {
    let judged = run.judge.as_ref().map_or(0, |pass| pass.done + pass.failed);
    (run.status.is_over(), run.settled(), judged)
}

/// Takes a state of a run into those that are known, the newest run first; a state that is older
/// than what is known changes nothing.
pub fn take(known: &mut Vec<RunView>, run: RunView) {
    match known.iter_mut().find(|one| one.id == run.id) {
        Some(before) if progress(before) > progress(&run) => {}
        Some(before) => *before = run,
        None => {
            let place = known.partition_point(|one| one.id > run.id);
            known.insert(place, run);
            known.truncate(MOST);
        }
    }
}

/// Forgets a run that is gone.
pub fn forget(known: &mut Vec<RunView>, id: RunId) {
    known.retain(|run| run.id != id);
}

/// How much of a run is done, from 0 to 1; `None`: it is over.
pub fn share(run: &RunView) -> Option<f64> {
    let part = |count: i64| i32::try_from(count).map_or(f64::from(i32::MAX), f64::from);
    let is_open = !run.status.is_over() && run.total() > 0;
    is_open.then(|| part(run.settled()) / part(run.total()))
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::money::Money;
    use crate::model::provider::Provider;
    use crate::model::run::{LaneStatus, LaneView, RunStatus, Trigger};

    /// A run of one model and ten asks, of which one has failed and two are in flight.
    pub(crate) fn run(status: RunStatus, answered: i64) -> RunView {
        let at = DateTime::UNIX_EPOCH;
        RunView {
            id: 1.into(),
            project_id: 1.into(),
            status,
            trigger: Trigger::Manual,
            created_at: at,
            started_at: Some(at),
            finished_at: None,
            cancelling: false,
            lanes: vec![LaneView {
                unpriced: 0,
                id: 1.into(),
                model_id: 1.into(),
                provider: Provider::Simulator,
                model_name: "Simulator".to_owned(),
                status: LaneStatus::Running,
                total: 10,
                running: 2,
                answered,
                without_text: 0,
                failed: 1,
                dropped: 0,
                cost: Money::ZERO,
                end_reason: None,
                failures: Vec::new(),
            }],
            judge: None,
            retry_of: None,
            retried_by: None,
        }
    }

    fn numbered(id: i64, status: RunStatus, answered: i64) -> RunView {
        RunView {
            id: id.into(),
            ..run(status, answered)
        }
    }

    #[test]
    fn states_are_known_by_the_newest_run_and_never_go_back() {
        let mut known = Vec::new();
        for (id, status, answered) in [
            (2, RunStatus::Running, 3),
            (3, RunStatus::Queued, 0),
            (1, RunStatus::Finished, 9),
            (2, RunStatus::Running, 5),
            // These come late.
            (2, RunStatus::Running, 4),
            (1, RunStatus::Running, 9),
        ] {
            take(&mut known, numbered(id, status, answered));
        }
        let states: Vec<_> = known.iter().map(|run| (run.id.0, run.answered())).collect();
        assert_eq!(states, [(3, 0), (2, 5), (1, 9)]);
        assert_eq!(known[2].status, RunStatus::Finished);
        forget(&mut known, 3.into());
        assert_eq!(known.len(), 2);
    }

    #[test]
    fn only_as_many_runs_are_kept_as_can_be_followed() {
        let mut known = Vec::new();
        for id in 1..=150 {
            take(&mut known, numbered(id, RunStatus::Queued, 0));
        }
        assert_eq!((known.len(), known[0].id.0), (MOST, 150));
    }

    #[test]
    fn the_share_is_of_all_asks_and_ends_with_the_run() {
        let shares = [
            (RunStatus::Queued, 0),
            (RunStatus::Running, 4),
            (RunStatus::Finished, 9),
        ]
        .map(|(status, answered)| share(&run(status, answered)));
        // One of its ten asks has failed in each.
        assert_eq!(shares, [Some(0.1), Some(0.5), None]);
    }
}
