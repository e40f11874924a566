//! Planning, reading and cancelling runs.

use app::model::ids::WorkspaceId;
use app::model::run::{LaneStatus, RunStatus, Trigger};

use super::{answer_all, answered, begin, claim, claiming, ids, store};
use crate::store::StoreError;
use crate::store::runs::PlanError;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

const ASKS: &str = "SELECT COUNT(*) FROM llm_monitoring_asks";
const RUNS: &str = "SELECT COUNT(*) FROM llm_monitoring_analysis_runs";

on_both_databases! {
    async fn repeats_ask_every_prompt_once_before_any_again(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 3, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        database.execute("UPDATE llm_monitoring_projects SET repeats = 4").await;
        let run = project.plan(database).await;
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!(view.total(), 3 * 4 * 2);
        let claimed = claim(database, "a").await;
        let prompts: Vec<_> = claimed.asks.iter().map(|work| work.prompt).collect();
        assert_eq!(prompts, project.prompts.repeat(4));
    }

    async fn a_plan_has_a_lane_a_model_and_an_ask_a_prompt(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.trigger), (RunStatus::Queued, Trigger::Manual));
        assert_eq!((view.total(), view.settled()), (6, 0));
        assert_eq!(view.lanes.len(), 2);
        assert!(view.lanes.iter().all(|lane| lane.waiting() == 3));
        assert_eq!(view.lanes[0].model_name, "MODEL-A");
        assert_eq!(database.number(ASKS).await, 6);
    }

    async fn a_plan_without_prompts_or_models_leaves_nothing(database: &TestDatabase) {
        let no_prompts = ProjectPlan { prompts: 0, ..ProjectPlan::default() };
        let no_models = ProjectPlan { models: Vec::new(), ..ProjectPlan::default() };
        for plan in [no_prompts, no_models] {
            let project = make_project(database, &plan).await;
            let planned = database
                .store
                .plan_run(project.workspace, project.project, Trigger::Api, None)
                .await;
            assert!(matches!(planned, Err(PlanError::NothingToAsk)));
        }
        assert_eq!(database.number(RUNS).await, 0);
        assert_eq!(database.number("SELECT COUNT(*) FROM llm_monitoring_lanes").await, 0);
    }

    async fn what_is_not_active_or_available_is_not_asked(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let [first, second, _] = project.prompts[..] else { panic!("three prompts") };
        database
            .execute(&format!("UPDATE llm_monitoring_queries SET is_active = FALSE WHERE id = {first}"))
            .await;
        database
            .execute(&format!(
                "UPDATE llm_monitoring_queries SET removed_at = created_at WHERE id = {second}"
            ))
            .await;
        let model = project.models[0];
        database
            .execute(&format!("UPDATE llm_model_registry SET is_available = FALSE WHERE id = {model}"))
            .await;
        project.plan(database).await;
        assert_eq!(database.number(ASKS).await, 1);
    }

    async fn a_project_has_one_open_run(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = project.plan(database).await;
        let store = &database.store;
        let again =
            store.plan_run(project.workspace, project.project, Trigger::Scheduled, None).await;
        assert!(matches!(again, Err(PlanError::AlreadyRunning)));
        assert_eq!((database.number(RUNS).await, database.number(ASKS).await), (1, 6));

        for _ in 0..2 {
            answer_all(database, &claim(database, "a").await).await;
        }
        let second = project.plan(database).await;
        let page = store.runs_after(project.workspace, project.project, 0, 50).await.expect("runs");
        let runs: Vec<_> = page.runs.iter().map(|run| run.id).collect();
        assert_eq!(runs, [second, first]);
        let latest = store.latest_runs(project.workspace, &[project.project]).await;
        assert_eq!(latest.expect("runs")[&project.project].id, second);
    }

    async fn many_plans_at_once_make_one_run(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let planned = futures_util::future::join_all((0..8).map(|_| {
            database.store.plan_run(project.workspace, project.project, Trigger::Manual, None)
        }))
        .await;
        assert_eq!(planned.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!((database.number(RUNS).await, database.number(ASKS).await), (1, 6));
    }

    async fn another_workspace_sees_nothing(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let other: WorkspaceId = make_project(database, &ProjectPlan::default()).await.workspace;
        let store = &database.store;
        let is_hidden = |error: StoreError| matches!(error, StoreError::NotFound);
        let planned = store.plan_run(other, project.project, Trigger::Manual, None).await;
        assert!(matches!(planned, Err(PlanError::Store(StoreError::NotFound))));
        assert!(is_hidden(store.run(other, run).await.expect_err("hidden")));
        let runs = store.runs_after(other, project.project, 0, 5).await;
        assert!(is_hidden(runs.expect_err("hidden")));
        assert!(store.latest_runs(other, &[project.project]).await.expect("none").is_empty());
        assert!(is_hidden(store.request_cancel(other, run).await.expect_err("hidden")));
        let view = store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.cancelling, view.lanes[0].status), (false, LaneStatus::Queued));
    }

    async fn a_run_that_nobody_claimed_is_cancelled_at_once(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!(view.status, RunStatus::Cancelled);
        assert_eq!((view.settled(), view.lanes[0].dropped), (6, 3));
        assert!(view.finished_at.is_some());
        assert!(database.store.claim_lane(&claiming("a")).await.expect("claimed").is_none());
        // Again is no error, and changes nothing.
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
    }

    async fn a_cancelled_lane_settles_what_is_in_flight(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)[..1]).await;
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.cancelling), (RunStatus::Running, true));
        assert!(database.store.read_lane_state(&claimed.scope.hold).await.expect("held").cancelled);

        let stopped = begin(database, &claimed, &ids(&claimed)[1..]).await;
        assert_eq!(stopped.stopped, Some(engine::Stopped::Cancelled));
        assert!(!stopped.lane_done);
        let outcome = answered(database, &claimed, &claimed.asks[0], Vec::new());
        let done = store(database, &claimed, &[outcome]).await;
        assert!(done.lane_done);
        assert_eq!(done.run.expect("the last lane").status, RunStatus::Cancelled);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        let lane = &view.lanes[0];
        assert_eq!((lane.answered, lane.dropped, lane.running), (1, 2, 0));
    }
}
