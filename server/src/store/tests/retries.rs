//! Runs of what failed in another one.

use std::time::Duration;

use app::model::ids::RunId;
use app::model::run::{RunStatus, Trigger};
use providers::ErrorClass;

use super::{answer_all, answered, begin, claim, failed, ids, store};
use crate::store::StoreError;
use crate::store::runs::{PlanError, RetryPlan};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

const RUNS: &str = "SELECT COUNT(*) FROM llm_monitoring_analysis_runs";

fn retry(project: &TestProject, run: RunId) -> RetryPlan {
    RetryPlan {
        project: project.project,
        run,
        trigger: Trigger::Manual,
        requested_by: project.user,
    }
}

/// A run of three questions to two models, of which the first fails two.
async fn with_two_failures(database: &TestDatabase, project: &TestProject) -> RunId {
    let run = project.plan(database).await;
    let claimed = claim(database, "a").await;
    begin(database, &claimed, &ids(&claimed)).await;
    let outcomes = [
        answered(database, &claimed, &claimed.asks[0], Vec::new()),
        failed(database, &claimed, &claimed.asks[1], ErrorClass::Timeout),
        failed(database, &claimed, &claimed.asks[2], ErrorClass::Overloaded),
    ];
    store(database, &claimed, &outcomes).await;
    answer_all(database, &claim(database, "a").await).await;
    run
}

on_both_databases! {
    async fn what_failed_is_asked_again_by_a_run_of_its_own(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = with_two_failures(database, &project).await;
        let store = &database.store;
        let view = store.run(project.workspace, first).await.expect("a run");
        assert!(view.can_retry());
        let reasons: Vec<_> =
            view.lanes[0].failures.iter().map(|of| (of.class, of.asks)).collect();
        assert_eq!(reasons, [(ErrorClass::Overloaded, 1), (ErrorClass::Timeout, 1)]);
        assert!(view.lanes[1].failures.is_empty());

        let second = store.plan_retry(project.workspace, retry(&project, first)).await.expect("a run");
        let view = store.run(project.workspace, second).await.expect("a run");
        assert_eq!((view.lanes.len(), view.total(), view.retry_of), (1, 2, Some(first)));
        let claimed = claim(database, "a").await;
        let prompts: Vec<_> = claimed.asks.iter().map(|work| work.prompt).collect();
        assert_eq!(prompts, project.prompts[1..]);
        answer_all(database, &claimed).await;
        let view = store.run(project.workspace, second).await.expect("a run");
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 2));
        // What failed stays as it was, and is not asked a third time.
        let view = store.run(project.workspace, first).await.expect("a run");
        assert_eq!((view.failed(), view.retried_by), (2, Some(second)));
        assert!(!view.can_retry());
        let again = store.plan_retry(project.workspace, retry(&project, first)).await;
        assert_eq!(again.expect("the same run"), second);
        let nothing = store.plan_retry(project.workspace, retry(&project, second)).await;
        assert!(matches!(nothing, Err(PlanError::NothingToAsk)));
        assert_eq!(database.number(RUNS).await, 2);
    }

    async fn many_retries_at_once_make_one_run(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = with_two_failures(database, &project).await;
        let retries = (0..8).map(|_| database.store.plan_retry(project.workspace, retry(&project, first)));
        let planned = futures_util::future::join_all(retries).await;
        let runs: Vec<_> = planned.into_iter().map(|run| run.expect("the run")).collect();
        assert!(runs.iter().all(|run| *run == runs[0]), "{runs:?}");
        assert_eq!(database.number(RUNS).await, 2);
        assert_eq!(database.store.run(project.workspace, runs[0]).await.expect("a run").total(), 2);
    }

    async fn a_retry_waits_for_no_other_run(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = with_two_failures(database, &project).await;
        project.plan(database).await;
        let refused = database.store.plan_retry(project.workspace, retry(&project, first)).await;
        assert!(matches!(refused, Err(PlanError::AlreadyRunning)));
        let other = make_project(database, &ProjectPlan::default()).await;
        let foreign = database.store.plan_retry(other.workspace, retry(&project, first)).await;
        assert!(matches!(foreign, Err(PlanError::Store(StoreError::NotFound))));
    }

    async fn questions_that_are_paused_since_are_left_out(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = with_two_failures(database, &project).await;
        let pause = "UPDATE llm_monitoring_queries SET is_active = FALSE WHERE id =";
        database.execute(&format!("{pause} {}", project.prompts[1])).await;
        let store = &database.store;
        let run = store.plan_retry(project.workspace, retry(&project, first)).await.expect("a run");
        assert_eq!(store.run(project.workspace, run).await.expect("a run").total(), 1);
        store.request_cancel(project.workspace, run).await.expect("cancelled");
        let last = store.run(project.workspace, run).await.expect("a run");
        assert_eq!((last.status, last.can_retry()), (RunStatus::Cancelled, false));
    }

    async fn a_run_that_is_stopped_with_all_its_asks_in_flight_is_cancelled(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let lanes = [claim(database, "a").await, claim(database, "a").await];
        for claimed in &lanes {
            begin(database, claimed, &ids(claimed)).await;
        }
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
        for claimed in &lanes {
            let fail = |work| failed(database, claimed, work, ErrorClass::Timeout);
            let outcomes: Vec<_> = claimed.asks.iter().map(fail).collect();
            store(database, claimed, &outcomes).await;
        }
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.failed()), (RunStatus::Cancelled, 6));
    }

    async fn runs_of_late_are_those_that_go_on_or_have_just_ended(database: &TestDatabase) {
        let late = Duration::from_secs(30);
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let of = async |project: &TestProject| {
            let runs = store.runs_of_late(project.workspace, late).await.expect("runs");
            runs.into_iter().map(|run| (run.id, run.status)).collect::<Vec<_>>()
        };
        assert!(of(&project).await.is_empty());
        let run = project.plan(database).await;
        assert_eq!(of(&project).await, [(run, RunStatus::Queued)]);
        assert!(of(&other).await.is_empty());
        for _ in 0..2 {
            answer_all(database, &claim(database, "a").await).await;
        }
        assert_eq!(of(&project).await, [(run, RunStatus::Finished)]);
        database.clock.advance(late);
        assert!(of(&project).await.is_empty());
    }
}
