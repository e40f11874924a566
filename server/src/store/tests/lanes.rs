//! Claims, leases, epochs, and asks that were lost with their worker.

use std::time::Duration;

use app::model::provider::Provider;
use app::model::run::{LaneStatus, RunStatus};
use engine::cost::worst_case;
use engine::{Batch, ClaimRequest, LEASE, asker};

use super::{COST, answered, begin, begins, claim, claiming, ids, store};
use crate::store::StoreError;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

const ANSWERS: &str = "SELECT COUNT(*) FROM llm_monitoring_results";
const LEDGER: &str = "SELECT COUNT(*) FROM llm_spend_ledger";
const PAST_LEASE: Duration = LEASE.saturating_add(Duration::from_millis(1));

on_both_databases! {
    async fn a_claim_brings_all_that_is_needed(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        let scope = &claimed.scope;
        assert_eq!((scope.workspace, scope.project, scope.run), (project.workspace, project.project, run));
        assert_eq!((scope.model.id, scope.model.provider), (project.models[0], Provider::OpenAi));
        assert_eq!((scope.hold.epoch, claimed.readings[0].brand), (1, Some(project.brand)));
        assert_eq!((scope.model.prices.len(), scope.model.max_output_tokens), (1, 2_048));
        assert_eq!(claimed.country.as_deref(), Some("ES"));
        let names: Vec<&str> = claimed.readings[0].entities.iter().map(|entity| entity.name.as_str()).collect();
        assert_eq!(names, ["Kipu", "Acme", "Globex"]);
        let prompts: Vec<_> = claimed.asks.iter().map(|work| work.prompt).collect();
        assert_eq!(prompts, project.prompts);
        assert_eq!(claimed.asks[1].text.as_ref(), "Which soap is number 1?");
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.lanes[0].status), (RunStatus::Running, LaneStatus::Running));
    }

    async fn each_lane_has_one_worker(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        project.plan(database).await;
        let first = claim(database, "a").await;
        let second = claim(database, "b").await;
        assert_ne!(first.scope.hold.lane, second.scope.hold.lane);
        assert!(database.store.claim_lane(&claiming("c")).await.expect("claimed").is_none());
    }

    async fn claims_at_the_same_moment_take_different_lanes(database: &TestDatabase) {
        for _ in 0..4 {
            let project = make_project(database, &ProjectPlan::default()).await;
            project.plan(database).await;
        }
        let workers: Vec<String> = (0..12).map(|number| format!("worker-{number}")).collect();
        let claimings: Vec<_> = workers.iter().map(|worker| claiming(worker)).collect();
        let claims = claimings.iter().map(|claiming| database.store.claim_lane(claiming));
        let claimed = futures_util::future::join_all(claims).await;
        let mut lanes: Vec<_> = claimed
            .into_iter()
            .filter_map(|result| result.expect("claimed"))
            .map(|claimed| claimed.scope.hold.lane)
            .collect();
        lanes.sort();
        lanes.dedup();
        assert_eq!(lanes.len(), 8);
    }

    async fn lanes_of_one_credential_stay_with_one_worker(database: &TestDatabase) {
        let models =
            vec![(Provider::OpenAi, "model-a", true), (Provider::OpenAi, "model-b", true)];
        let plan = ProjectPlan { models, ..ProjectPlan::default() };
        make_project(database, &plan).await.plan(database).await;
        claim(database, "a").await;
        assert!(database.store.claim_lane(&claiming("b")).await.expect("claimed").is_none());
        claim(database, "a").await;
        // Another workspace has another credential.
        make_project(database, &plan).await.plan(database).await;
        claim(database, "b").await;
    }

    async fn a_lane_that_ran_out_goes_to_another_worker(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        project.plan(database).await;
        let lost = claim(database, "a").await;
        begin(database, &lost, &ids(&lost)[..1]).await;
        claim(database, "a").await;
        database.clock.advance(PAST_LEASE);
        let taken = claim(database, "b").await;
        assert_eq!(taken.scope.hold.lane, lost.scope.hold.lane);
        assert_eq!((taken.scope.hold.epoch, taken.lost), (2, 1));

        let ledger = database.number(LEDGER).await;
        let outcome = answered(database, &lost, &lost.asks[0], Vec::new());
        let outcomes = [outcome];
        let begin = begins(&ids(&lost)[1..]);
        let late = Batch { outcomes: &outcomes, begin: &begin, ..Batch::default() };
        for again in [false, true] {
            let batch = Batch { again, ..late };
            let result = database.store.commit_outcomes(&lost.scope, &batch).await;
            assert!(matches!(result, Err(StoreError::LaneLost)));
        }
        let hold = &lost.scope.hold;
        assert!(matches!(database.store.renew_lane(hold).await, Err(StoreError::LaneLost)));
        assert!(matches!(database.store.release_lane(hold).await, Err(StoreError::LaneLost)));
        assert!(matches!(database.store.read_lane_state(hold).await, Err(StoreError::LaneLost)));
        assert_eq!(database.number(ANSWERS).await, 0);
        assert_eq!(database.number(LEDGER).await, ledger);
        let running = "SELECT COUNT(*) FROM llm_monitoring_asks WHERE state = 'running'";
        assert_eq!(database.number(running).await, 0);
    }

    async fn the_same_worker_gets_a_new_epoch_too(database: &TestDatabase) {
        make_project(database, &ProjectPlan::default()).await.plan(database).await;
        let first = claim(database, "a").await;
        database.clock.advance(PAST_LEASE);
        let held = [first.scope.hold.clone()];
        let claiming = ClaimRequest { held: &held, ..claiming("a") };
        let other = database.store.claim_lane(&claiming).await.expect("claimed").expect("a lane");
        assert_ne!(other.scope.hold.lane, first.scope.hold.lane);
        let again = claim(database, "a").await;
        assert_eq!((again.scope.hold.lane, again.scope.hold.epoch), (first.scope.hold.lane, 2));
        let renewed = database.store.renew_lane(&first.scope.hold).await;
        assert!(matches!(renewed, Err(StoreError::LaneLost)));
    }

    async fn signs_of_life_keep_a_lane(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let plan = ProjectPlan { models, ..ProjectPlan::default() };
        make_project(database, &plan).await.plan(database).await;
        let claimed = claim(database, "a").await;
        let nearly = LEASE.saturating_sub(Duration::from_secs(1));
        database.clock.advance(nearly);
        database.store.renew_lane(&claimed.scope.hold).await.expect("renewed");
        database.clock.advance(nearly);
        begin(database, &claimed, &ids(&claimed)[..1]).await;
        database.clock.advance(nearly);
        assert!(database.store.claim_lane(&claiming("b")).await.expect("claimed").is_none());
        database.store.release_lane(&claimed.scope.hold).await.expect("released");
        assert_eq!(claim(database, "b").await.lost, 1);
    }

    async fn lost_attempts_are_booked_at_their_worst_case(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let run = project.plan(database).await;
        let lost = claim(database, "a").await;
        begin(database, &lost, &ids(&lost)[..2]).await;
        store(database, &lost, &[answered(database, &lost, &lost.asks[0], Vec::new())]).await;
        database.clock.advance(PAST_LEASE);
        let taken = claim(database, "b").await;
        assert_eq!((taken.lost, taken.asks.len()), (1, 2));
        assert_eq!((taken.asks[0].id, taken.asks[0].lost_before), (lost.asks[1].id, 1));

        let model = &taken.scope.model;
        let size = asker::size(model, &taken.asks[0].text);
        let worst = worst_case(model.prices.first().copied(), size).amount.nanos();
        assert!(worst > 0);
        let booked = "SELECT COALESCE(SUM(amount_nano_usd), 0) FROM llm_spend_ledger WHERE kind = 'lost' AND cost_kind = 'worst_case'";
        let booked = format!("SELECT CAST(({booked}) AS BIGINT)");
        assert_eq!(database.number(&booked).await, worst);
        let attempts = "SELECT COUNT(*) FROM llm_monitoring_attempts WHERE error_class = 'network' AND number = 1";
        assert_eq!(database.number(attempts).await, 1);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        let lane = view.lanes.iter().find(|lane| lane.id == taken.scope.hold.lane).expect("the lane");
        assert_eq!((lane.running, lane.answered, lane.waiting()), (0, 1, 2));
        assert_eq!(lane.cost.nanos(), COST.nanos() + worst);
    }

    async fn an_ask_that_is_lost_again_and_again_fails(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let plan = ProjectPlan { models, prompts: 1, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let run = project.plan(database).await;
        for round in 0..3 {
            let claimed = claim(database, &format!("worker-{round}")).await;
            assert_eq!(claimed.asks.len(), 1, "round {round}");
            begin(database, &claimed, &ids(&claimed)).await;
            database.clock.advance(PAST_LEASE);
        }
        let claimed = claim(database, "last").await;
        assert_eq!((claimed.asks.len(), claimed.lost), (0, 1));
        let done = store(database, &claimed, &[]).await;
        assert!(done.lane_done);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.lanes[0].failed), (RunStatus::Failed, 1));
        assert_eq!(database.number(ANSWERS).await, 1);
        assert_eq!(database.number(LEDGER).await, 3);
    }
}
