//! What a run is going to ask, and how far one is.
//!
//! Invariant: pure. Nothing here asks the host.

use chrono::{DateTime, Utc};

use crate::frame::run_states::progress;
use crate::model::metrics::Ratio;
use crate::model::outcome::ErrorClass;
use crate::model::provider::Provider;
use crate::model::run::{LaneView, RunStatus, RunView, Trigger};
use crate::model::spend::{Basis, Readiness, RunForecast};
use crate::order;
use crate::texts::{Text, runs as texts};

/// While a run goes on, numbers are fetched again at most this often.
pub const REFRESH_MS: f64 = 5_000.0;
/// Before this nobody can say how long a run will take.
const EARLIEST_GUESS_MS: i64 = 2_000;

/// What is to be said before a run about the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Even the worst case fits.
    Fits,
    /// The worst case does not.
    MayNotFit,
    /// What is expected does not.
    WillNotFit,
    /// There is nothing left: no run can begin.
    UsedUp,
}

/// Whether what a run may cost fits what is left of the tighter budget.
pub fn fit(forecast: &RunForecast) -> Fit {
    let account = forecast.tighter();
    if account.spent >= account.monthly {
        Fit::UsedUp
    } else if forecast.cost.expected > account.free() {
        Fit::WillNotFit
    } else if forecast.worst_case > account.free() {
        Fit::MayNotFit
    } else {
        Fit::Fits
    }
}

/// Whether a run can be started.
pub fn can_start(forecast: &RunForecast) -> bool {
    forecast.asks() > 0 && fit(forecast) != Fit::UsedUp
}

/// Providers without a key, once each.
pub fn providers_without_key(forecast: &RunForecast) -> Vec<Provider> {
    let mut missing: Vec<Provider> = forecast
        .models
        .iter()
        .filter(|model| model.readiness == Readiness::NoKey)
        .map(|model| model.provider)
        .collect();
    order::sort(&mut missing, Ord::cmp);
    missing.dedup();
    missing
}

/// The names of the models in a state, or `None` where there are none.
pub fn names_of(forecast: &RunForecast, readiness: Readiness) -> Option<String> {
    let names: Vec<&str> = forecast
        .models
        .iter()
        .filter(|model| model.readiness == readiness)
        .map(|model| model.name.as_str())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What a forecast rests on, in words.
pub const fn basis_text(basis: Basis) -> Text {
    match basis {
        Basis::Project => texts::BASIS_PROJECT,
        Basis::Workspace => texts::BASIS_WORKSPACE,
        Basis::Guess => texts::BASIS_GUESS,
    }
}

/// Why not all of a lane's asks were sent, or brought a text, and what to do about it; `None`: there is nothing to
/// say, or only an error class that has no words here. A lane that was not cancelled and has no
/// error dropped its asks for the budget.
pub fn lane_reason(lane: &LaneView, is_cancelled: bool) -> Option<Text> {
    match lane.end_reason {
        Some(ErrorClass::Unpriced) => Some(texts::WHY_UNPRICED),
        Some(ErrorClass::BadKey) => Some(texts::WHY_BAD_KEY),
        Some(ErrorClass::SharedCeiling) => Some(texts::WHY_SHARED_CEILING),
        Some(ErrorClass::Internal) => Some(texts::WHY_INTERNAL),
        Some(ErrorClass::NoMoney) => Some(texts::WHY_NO_MONEY),
        Some(ErrorClass::Permission) => Some(texts::WHY_PERMISSION),
        Some(ErrorClass::ProtocolEnded) => Some(texts::WHY_PROTOCOL_ENDED),
        Some(ErrorClass::ModelNotFound) => Some(texts::WHY_MODEL_NOT_FOUND),
        Some(ErrorClass::StorageFull) => Some(texts::WHY_STORAGE_FULL),
        None if lane.dropped > 0 && is_cancelled => Some(texts::WHY_CANCELLED),
        None if lane.dropped > 0 => Some(texts::WHY_OVER_BUDGET),
        None if lane.lacks_text() => Some(texts::WHY_WITHOUT_TEXT),
        _ => None,
    }
}

/// Milliseconds that a run has taken, or took; `None`: it has not begun.
pub fn elapsed_ms(run: &RunView, now: DateTime<Utc>) -> Option<i64> {
    let end = run.finished_at.unwrap_or(now);
    Some((end - run.started_at?).num_milliseconds().max(0))
}

/// How much of a number of asks are in each state, in percent of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Answered.
    pub answered: f64,
    /// Failed.
    pub failed: f64,
    /// Not sent: cancelled or over budget.
    pub dropped: f64,
    /// In flight.
    pub running: f64,
}

impl Shares {
    /// The shares of a lane; all nothing where it has no asks.
    pub fn of_lane(lane: &LaneView) -> Self {
        let share = |count: i64| Ratio::new(count, lane.total).percent().unwrap_or(0.0);
        Self {
            answered: share(lane.answered),
            failed: share(lane.failed),
            dropped: share(lane.dropped),
            running: share(lane.running),
        }
    }

    /// The shares of a run.
    pub fn of_run(run: &RunView) -> Self {
        let total = run.total();
        let share = |count: i64| Ratio::new(count, total).percent().unwrap_or(0.0);
        Self {
            answered: share(run.answered()),
            failed: share(run.failed()),
            dropped: share(run.dropped()),
            running: share(run.running()),
        }
    }
}

/// A time that is worth saying: from a second on, in whole seconds.
pub fn said_ms(milliseconds: i64) -> Option<i64> {
    (milliseconds >= 1_000).then_some(milliseconds / 1_000 * 1_000)
}

/// How long a run will still take if it goes on as it did, in milliseconds; `None`: it is too
/// early to say, or it is over.
pub fn left_ms(run: &RunView, now: DateTime<Utc>) -> Option<i64> {
    let settled = run.settled();
    if run.status.is_over() || run.cancelling || settled == 0 {
        return None;
    }
    let elapsed = elapsed_ms(run, now)?;
    if elapsed < EARLIEST_GUESS_MS {
        return None;
    }
    said_ms(elapsed.saturating_mul(run.total() - settled) / settled)
}

/// Whether a run that is over stays in sight until somebody closes it: not all of it came.
pub fn stays(run: &RunView) -> bool {
    run.failed() > 0 || run.lanes.iter().any(LaneView::lacks_text) || has_dropped_by_itself(run)
}

fn has_dropped_by_itself(run: &RunView) -> bool {
    run.dropped() > 0 && run.status != RunStatus::Cancelled
}

/// Whether the numbers are worth fetching again while a run goes on: it has moved and they are old
/// enough, or a judge is through with it. Its end has them fetched before it is told.
pub fn is_refresh_due(before: Option<&RunView>, now: &RunView, ms_since_refresh: f64) -> bool {
    let before = before.filter(|run| run.id == now.id);
    if now.status.is_over() {
        let was_judged = before.is_some_and(|run| run.status.is_over() && !run.is_settled());
        return now.is_settled() && was_judged;
    }
    let settled_before = before.map_or(0, RunView::settled);
    now.settled() > settled_before && ms_since_refresh >= REFRESH_MS
}

/// A page of runs with newer states of some; on the first page those that have begun since too.
pub fn with_newer(mut runs: Vec<RunView>, newer: Vec<RunView>, is_first: bool) -> Vec<RunView> {
    let newest = runs.first().map_or(0, |run| run.id.0);
    let mut begun = Vec::new();
    for run in newer {
        match runs.iter_mut().find(|known| known.id == run.id) {
            Some(known) if progress(known) > progress(&run) => {}
            Some(known) => *known = run,
            None if is_first && run.id.0 > newest => begun.push(run),
            None => {}
        }
    }
    begun.extend(runs);
    begun
}

/// What a trigger is called.
pub const fn trigger_name(trigger: Trigger) -> Text {
    match trigger {
        Trigger::Manual => texts::BY_HAND,
        Trigger::Scheduled => texts::SCHEDULED,
        Trigger::Api => texts::BY_PROGRAM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::run_states::tests::run;
    use crate::model::money::Money;
    use crate::model::spend::{Account, Estimate, ModelForecast};

    fn forecast(free: i64, expected: i64, worst: i64) -> RunForecast {
        let model = |id: i64, provider, readiness: Readiness| ModelForecast {
            id: id.into(),
            provider,
            name: format!("Model {id}"),
            readiness,
            asks: if readiness.is_asked() { 3 } else { 0 },
            cost: None,
            basis: Basis::Guess,
            answers: 0,
            ended_at: None,
        };
        RunForecast {
            prompts: 3,
            models: vec![
                model(1, Provider::Simulator, Readiness::Ready),
                model(2, Provider::OpenAi, Readiness::NoKey),
                model(3, Provider::OpenAi, Readiness::NoKey),
                model(4, Provider::Google, Readiness::Unpriced),
            ],
            cost: Estimate {
                expected: Money::from_usd(expected),
                ..Estimate::default()
            },
            worst_case: Money::from_usd(worst),
            budget: Account {
                monthly: Money::from_usd(100),
                spent: Money::from_usd(100 - free),
                reserved: Money::ZERO,
            },
            project_budget: None,
            judge: None,
        }
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        let forecast = forecast(100, 1, 2);
        assert_eq!(forecast.asks(), 3);
        assert_eq!(providers_without_key(&forecast), [Provider::OpenAi]);
        assert_eq!(
            names_of(&forecast, Readiness::Unpriced).as_deref(),
            Some("Model 4")
        );
        assert_eq!(names_of(&forecast, Readiness::ReadyUnpriced), None);
        assert!(can_start(&forecast));
    }

    #[test]
    fn the_tighter_budget_decides_what_fits() {
        for (free, expected, worst, found) in [
            (50, 10, 40, Fit::Fits),
            (50, 10, 51, Fit::MayNotFit),
            (50, 51, 90, Fit::WillNotFit),
            (0, 1, 2, Fit::UsedUp),
        ] {
            let forecast = forecast(free, expected, worst);
            assert_eq!(fit(&forecast), found);
            assert_eq!(can_start(&forecast), found != Fit::UsedUp);
        }
        let mut own = forecast(50, 10, 40);
        own.project_budget = Some(Account {
            monthly: Money::from_usd(20),
            spent: Money::ZERO,
            reserved: Money::from_usd(15),
        });
        assert_eq!(fit(&own), Fit::WillNotFit);
    }

    #[test]
    fn a_lane_that_stopped_says_why() {
        let mut lane = run(RunStatus::OverBudget, 3).lanes.remove(0);
        assert_eq!(lane_reason(&lane, false), None);
        lane.dropped = 4;
        assert_eq!(lane_reason(&lane, false), Some(texts::WHY_OVER_BUDGET));
        assert_eq!(lane_reason(&lane, true), Some(texts::WHY_CANCELLED));
        lane.end_reason = Some(ErrorClass::Unpriced);
        assert_eq!(lane_reason(&lane, false), Some(texts::WHY_UNPRICED));
        lane.end_reason = Some(ErrorClass::Timeout);
        assert_eq!(lane_reason(&lane, false), None);
    }

    #[test]
    fn numbers_are_fetched_while_a_run_moves() {
        let (one, two) = (run(RunStatus::Running, 1), run(RunStatus::Running, 2));
        let over = run(RunStatus::Finished, 9);
        assert!(is_refresh_due(Some(&one), &two, REFRESH_MS));
        assert!(!is_refresh_due(Some(&one), &two, 100.0));
        assert!(!is_refresh_due(Some(&two), &two, REFRESH_MS));
        // The end is told with its numbers.
        assert!(!is_refresh_due(Some(&two), &over, REFRESH_MS));
    }

    #[test]
    fn times_are_said_from_a_second_on() {
        assert_eq!(said_ms(999), None);
        assert_eq!(said_ms(1_999), Some(1_000));
        let at = |seconds: i64| DateTime::UNIX_EPOCH + chrono::Duration::seconds(seconds);
        // Five of ten are settled.
        let half = run(RunStatus::Running, 4);
        assert_eq!(left_ms(&half, at(1)), None);
        assert_eq!(left_ms(&half, at(6)), Some(6_000));
        assert_eq!(left_ms(&run(RunStatus::Finished, 9), at(6)), None);
        let mut stopping = half.clone();
        stopping.cancelling = true;
        assert_eq!(left_ms(&stopping, at(6)), None);
    }

    #[test]
    fn what_did_not_come_stays_in_sight() {
        let mut over = run(RunStatus::FinishedWithFailures, 9);
        assert!(stays(&over));
        over.lanes[0].failed = 0;
        assert!(!stays(&over));
        over.lanes[0].dropped = 1;
        assert!(stays(&over));
        over.status = RunStatus::Cancelled;
        assert!(!stays(&over));
    }

    #[test]
    fn elapsed_time_stops_with_the_run() {
        let mut view = run(RunStatus::Running, 1);
        let now = DateTime::UNIX_EPOCH + chrono::Duration::seconds(90);
        assert_eq!(elapsed_ms(&view, now), Some(90_000));
        view.finished_at = Some(DateTime::UNIX_EPOCH + chrono::Duration::seconds(30));
        assert_eq!(elapsed_ms(&view, now), Some(30_000));
        view.started_at = None;
        assert_eq!(elapsed_ms(&view, now), None);
    }

    #[test]
    fn newer_states_take_the_place_of_older_ones() {
        let numbered = |id: i64, status, answered| RunView {
            id: id.into(),
            ..run(status, answered)
        };
        let page = vec![
            numbered(3, RunStatus::Running, 4),
            numbered(2, RunStatus::Finished, 9),
        ];
        let newer = vec![
            numbered(4, RunStatus::Queued, 0),
            numbered(3, RunStatus::Finished, 9),
            numbered(1, RunStatus::Finished, 9),
        ];
        let states = |runs: Vec<RunView>| -> Vec<(i64, RunStatus)> {
            runs.iter().map(|run| (run.id.0, run.status)).collect()
        };
        let first = states(with_newer(page.clone(), newer.clone(), true));
        assert_eq!(
            first,
            [
                (4, RunStatus::Queued),
                (3, RunStatus::Finished),
                (2, RunStatus::Finished)
            ]
        );
        let second = states(with_newer(page, newer, false));
        assert_eq!(second, first[1..]);
        assert_eq!(
            states(with_newer(
                vec![],
                vec![numbered(1, RunStatus::Queued, 0)],
                true
            ))
            .len(),
            1
        );
    }

    #[test]
    fn shares_of_a_lane_and_of_a_run() {
        let run = run(RunStatus::Running, 5);
        for shares in [Shares::of_lane(&run.lanes[0]), Shares::of_run(&run)] {
            assert!((shares.answered - 50.0).abs() < 1e-9);
            assert!((shares.failed - 10.0).abs() < 1e-9);
            assert!((shares.running - 20.0).abs() < 1e-9);
        }
    }
}
