//! What a run is going to ask, and how far one is.
//!
//! Invariant: pure. Nothing here asks the host.

use chrono::{DateTime, Utc};

use crate::model::ids::RunId;
use crate::model::metrics::Ratio;
use crate::model::outcome::ErrorClass;
use crate::model::provider::Provider;
use crate::model::run::{LaneView, RunView, Trigger};
use crate::model::spend::{Basis, Readiness, RunForecast};
use crate::order;
use crate::texts::{Text, runs as texts};

/// While a run goes on, numbers are fetched again at most this often.
pub const REFRESH_MS: f64 = 5_000.0;

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

/// How much of a lane's asks are in each state, in percent of the whole: answered, failed,
/// dropped, in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LaneShares {
    /// Answered.
    pub answered: f64,
    /// Failed.
    pub failed: f64,
    /// Not sent: cancelled or over budget.
    pub dropped: f64,
    /// In flight.
    pub running: f64,
}

impl LaneShares {
    /// The shares of a lane; all nothing where it has no asks.
    pub fn of(lane: &LaneView) -> Self {
        let share = |count: i64| Ratio::new(count, lane.total).percent().unwrap_or(0.0);
        Self {
            answered: share(lane.answered),
            failed: share(lane.failed),
            dropped: share(lane.dropped),
            running: share(lane.running),
        }
    }
}

/// Whether the numbers are worth fetching again: the run has moved and they are old enough,
/// or it has just ended, or a judge is through with it.
pub fn is_refresh_due(before: Option<&RunView>, now: &RunView, ms_since_refresh: f64) -> bool {
    let was_over = before.is_some_and(|run| run.id == now.id && run.status.is_over());
    if now.status.is_over() {
        let was_settled = before.is_some_and(|run| run.id == now.id && run.is_settled());
        return !was_over || (now.is_settled() && !was_settled);
    }
    let settled_before = before
        .filter(|run| run.id == now.id)
        .map_or(0, RunView::settled);
    now.settled() > settled_before && ms_since_refresh >= REFRESH_MS
}

/// The list of runs with a newer state of one of them.
pub fn with_run(mut runs: Vec<RunView>, newer: &RunView) -> Vec<RunView> {
    match runs.iter_mut().find(|run| run.id == newer.id) {
        Some(known) => *known = newer.clone(),
        None => runs.insert(0, newer.clone()),
    }
    runs
}

/// The path of a run's events.
pub fn events_path(run_id: RunId) -> String {
    format!("/api/runs/{run_id}/events")
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
pub(crate) mod tests {
    use super::*;
    use crate::model::money::Money;
    use crate::model::run::{LaneStatus, RunStatus};
    use crate::model::spend::{Account, Estimate, ModelForecast};

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
            }],
            judge: None,
        }
    }

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
    fn numbers_are_fetched_when_a_run_moves_and_when_it_ends() {
        let (one, two) = (run(RunStatus::Running, 1), run(RunStatus::Running, 2));
        let over = run(RunStatus::Finished, 9);
        assert!(is_refresh_due(Some(&one), &two, REFRESH_MS));
        assert!(!is_refresh_due(Some(&one), &two, 100.0));
        assert!(!is_refresh_due(Some(&two), &two, REFRESH_MS));
        assert!(is_refresh_due(Some(&two), &over, 0.0));
        assert!(!is_refresh_due(Some(&over), &over, REFRESH_MS));
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
    fn a_newer_state_takes_the_place_of_the_older() {
        let runs = with_run(
            vec![run(RunStatus::Running, 1)],
            &run(RunStatus::Finished, 9),
        );
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0].status, RunStatus::Finished);
        assert_eq!(with_run(vec![], &runs[0]).len(), 1);
    }

    #[test]
    fn shares_of_a_lane() {
        let shares = LaneShares::of(&run(RunStatus::Running, 5).lanes[0]);
        assert!((shares.answered - 50.0).abs() < 1e-9);
        assert!((shares.failed - 10.0).abs() < 1e-9);
        assert!((shares.running - 20.0).abs() < 1e-9);
    }
}
