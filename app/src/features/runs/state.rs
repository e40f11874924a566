//! What a run is going to ask, and how far one is.
//!
//! Invariant: pure. Nothing here asks the host.

use chrono::{DateTime, Utc};

use crate::model::ids::{ModelId, RunId};
use crate::model::project::ProjectView;
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::model::run::{LaneView, RunStatus, RunView, Trigger};
use crate::texts::{Text, runs as texts};

/// While a run goes on, numbers are fetched again at most this often.
pub const REFRESH_MS: f64 = 5_000.0;

/// A model that a run would ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedModel {
    /// Id.
    pub id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// Name for people.
    pub name: String,
    /// Whether it can be asked: it is available and its key is there.
    pub is_usable: bool,
}

/// What a run would ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Questions that are asked.
    pub prompts: usize,
    /// The project's models; those that the registry does not offer any more are left out.
    pub models: Vec<PlannedModel>,
    /// Models of the project that are gone from the registry.
    pub gone: usize,
}

impl Plan {
    /// What a run of the project would ask, by the registry as it is now.
    pub fn new(project: &ProjectView, registry: &[ModelView]) -> Self {
        let prompts = project
            .prompts
            .iter()
            .filter(|prompt| prompt.is_active)
            .count();
        let models: Vec<PlannedModel> = project
            .model_ids
            .iter()
            .filter_map(|id| registry.iter().find(|model| model.id == *id))
            .map(|model| PlannedModel {
                id: model.id,
                provider: model.provider,
                name: model.display_name.clone(),
                is_usable: model.usable && model.is_available,
            })
            .collect();
        let gone = project.model_ids.len() - models.len();
        Self {
            prompts,
            models,
            gone,
        }
    }

    /// Asks of a run: every question to every usable model.
    pub fn asks(&self) -> usize {
        self.prompts * self.models.iter().filter(|model| model.is_usable).count()
    }

    /// Providers without a key, once each.
    pub fn providers_without_key(&self) -> Vec<Provider> {
        let mut missing: Vec<Provider> = self
            .models
            .iter()
            .filter(|model| !model.is_usable)
            .map(|model| model.provider)
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
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
    #[expect(clippy::cast_precision_loss, reason = "the width of a bar")]
    pub fn of(lane: &LaneView) -> Self {
        let share = |count: i64| {
            if lane.total > 0 {
                count as f64 * 100.0 / lane.total as f64
            } else {
                0.0
            }
        };
        Self {
            answered: share(lane.answered),
            failed: share(lane.failed),
            dropped: share(lane.dropped),
            running: share(lane.running),
        }
    }
}

/// Whether the numbers are worth fetching again: the run has moved and they are old enough,
/// or it has just ended.
pub fn is_refresh_due(before: Option<&RunView>, now: &RunView, ms_since_refresh: f64) -> bool {
    let was_over = before.is_some_and(|run| run.id == now.id && run.status.is_over());
    if now.status.is_over() {
        return !was_over;
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

/// What a status is called.
pub const fn status_name(status: RunStatus) -> Text {
    match status {
        RunStatus::Queued => texts::QUEUED,
        RunStatus::Running => texts::RUNNING,
        RunStatus::Finished => texts::FINISHED,
        RunStatus::FinishedWithFailures => texts::FINISHED_WITH_FAILURES,
        RunStatus::OverBudget => texts::OVER_BUDGET,
        RunStatus::Cancelled => texts::CANCELLED,
        RunStatus::Failed => texts::FAILED,
    }
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
    use crate::model::project::{PromptKind, PromptView};
    use crate::model::run::LaneStatus;

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
                id: 1.into(),
                model_id: 1.into(),
                provider: Provider::Simulator,
                model_name: "Simulator".to_owned(),
                status: LaneStatus::Running,
                total: 10,
                running: 2,
                answered,
                failed: 1,
                dropped: 0,
                cost: Money::ZERO,
                end_reason: None,
            }],
        }
    }

    fn model(id: i64, provider: Provider, usable: bool) -> ModelView {
        ModelView {
            id: id.into(),
            provider,
            model_id: "m".to_owned(),
            display_name: format!("Model {id}"),
            web_search: false,
            is_current: true,
            is_available: true,
            max_tokens: 2_048,
            price: None,
            usable,
        }
    }

    fn project(model_ids: Vec<ModelId>, active: &[bool]) -> ProjectView {
        let prompts = active
            .iter()
            .map(|is_active| PromptView {
                id: 1.into(),
                text: "Which tool is best?".to_owned(),
                language: "en".to_owned(),
                kind: PromptKind::General,
                tags: vec![],
                is_active: *is_active,
            })
            .collect();
        ProjectView {
            id: 1.into(),
            name: "Kipu".to_owned(),
            entities: vec![],
            industry: String::new(),
            language: "en".to_owned(),
            country: String::new(),
            model_ids,
            prompts,
            is_active: true,
            last_analysis_at: None,
            last_run: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_plan_counts_what_can_be_asked_and_names_what_cannot() {
        let registry = [
            model(1, Provider::Simulator, true),
            model(2, Provider::OpenAi, false),
            model(3, Provider::OpenAi, false),
            model(9, Provider::Google, true),
        ];
        let ids = vec![1.into(), 2.into(), 3.into(), 4.into()];
        let plan = Plan::new(&project(ids, &[true, true, false]), &registry);
        assert_eq!(plan.prompts, 2);
        assert_eq!(plan.asks(), 2);
        assert_eq!(plan.providers_without_key(), [Provider::OpenAi]);
        assert_eq!(plan.gone, 1);
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
