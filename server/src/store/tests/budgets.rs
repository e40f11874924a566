//! Reservations, spend by day, alerts.

use std::sync::Arc;

use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use app::model::spend::AlertKind;
use engine::{AskOutcome, AskWork, Batch, Begin, Claimed, Stopped};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{COST, answered, begin, begins, claim, claiming, ids, store};
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

const LEDGER: &str =
    "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_ledger";
const DAYS: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days";
const RESERVED: &str =
    "SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) FROM llm_monitoring_lanes";

fn times(count: i64) -> Money {
    Money::from_nanos(COST.nanos() * count)
}

/// An answer that cost so much of the `worst_case` that was set aside.
pub(super) fn paid(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &AskWork,
    worst_case: Money,
    amount: Money,
) -> AskOutcome {
    let mut outcome = answered(database, claimed, work, Vec::new());
    outcome.reserved = worst_case;
    outcome.cost = outcome
        .cost
        .map(|cost| engine::cost::Cost { amount, ..cost });
    outcome
}

/// One lane of a worker that begins what it gets and pays at random, until the lane is done.
/// Gives how its budget ended.
async fn work_off(
    database: &TestDatabase,
    claimed: &Claimed,
    seed: u64,
    worst_case: Money,
) -> Option<Stopped> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut waiting = claimed.asks.clone();
    let mut in_flight: Vec<AskWork> = Vec::new();
    let mut stopped = None;
    loop {
        let settled = random.random_range(0..=in_flight.len());
        let outcomes: Vec<AskOutcome> = in_flight
            .drain(..settled)
            .map(|work| {
                let amount = Money::from_nanos(random.random_range(0..=worst_case.nanos()));
                paid(database, claimed, &work, worst_case, amount)
            })
            .collect();
        let block = random.random_range(1..=4);
        let begin: Vec<Begin> = waiting
            .iter()
            .take(block)
            .map(|work| Begin {
                ask: work.id,
                most: worst_case,
                least: worst_case,
            })
            .collect();
        let batch = Batch {
            outcomes: &outcomes,
            begin: &begin,
            ..Batch::default()
        };
        let committed = database
            .store
            .commit_outcomes(&claimed.scope, &batch)
            .await
            .expect("committed");
        in_flight.extend(waiting.drain(..committed.begun));
        if committed.stopped.is_some() {
            stopped = committed.stopped;
            waiting.clear();
        }
        if committed.lane_done {
            return stopped;
        }
        tokio::task::yield_now().await;
    }
}

on_both_databases! {
    async fn many_workers_never_pass_the_budget(database: &TestDatabase) {
        let database = Arc::new(TestDatabase {
            store: database.store.clone(),
            clock: database.clock.clone(),
        });
        for seed in 0..4_u64 {
            let models = vec![
                (Provider::OpenAi, "model-a", true),
                (Provider::Anthropic, "model-b", true),
                (Provider::Google, "model-c", true),
                (Provider::Mistral, "model-d", true),
            ];
            let budget = times(12 + i64::try_from(seed).expect("small") * 9);
            let plan = ProjectPlan { prompts: 12, models, budget, ..ProjectPlan::default() };
            let project = make_project(&database, &plan).await;
            let run = project.plan(&database).await;
            let mut workers = Vec::new();
            for number in 0..4_u64 {
                let claimed = claim(&database, &format!("worker-{number}")).await;
                let database = Arc::clone(&database);
                workers.push(tokio::spawn(async move {
                    work_off(&database, &claimed, seed * 10 + number, times(1)).await
                }));
            }
            // Whenever one looks, what is spent and what is set aside fit the budget together.
            let mut looks = 0;
            while !workers.iter().all(tokio::task::JoinHandle::is_finished) {
                let view = database.store.budget(project.workspace).await.expect("a budget");
                assert!(view.spent + view.reserved <= budget, "{view:?}");
                looks += 1;
                tokio::task::yield_now().await;
            }
            assert!(looks > 0);
            for worker in workers {
                worker.await.expect("a worker");
            }
            let view = database.store.run(project.workspace, run).await.expect("a run");
            assert_eq!(view.settled(), view.total());
            assert!(view.cost() <= budget);
            let spent = database.store.budget(project.workspace).await.expect("a budget");
            assert_eq!((spent.spent, spent.reserved), (view.cost(), Money::ZERO));
            // Over budget only where nothing more fits.
            if view.status == RunStatus::OverBudget {
                assert!(view.cost() + times(1) > budget, "seed {seed}");
            } else {
                assert_eq!(view.answered(), 48);
            }
        }
        assert_eq!(database.number(LEDGER).await, database.number(DAYS).await);
    }

    async fn who_finds_the_rest_set_aside_waits_for_it(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 3, budget: times(4), ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        project.plan(database).await;
        let (first, second) = (claim(database, "a").await, claim(database, "b").await);
        assert_eq!(begin(database, &first, &ids(&first)).await.begun, 3);
        let committed = begin(database, &second, &ids(&second)).await;
        assert_eq!((committed.begun, committed.stopped), (1, None));
        let rest = begins(&ids(&second)[1..]);
        let batch = Batch { begin: &rest, ..Batch::default() };
        let waits = database.store.commit_outcomes(&second.scope, &batch).await.expect("waits");
        assert_eq!((waits.begun, waits.stopped), (0, None));

        // The first lane's answers cost half of what was set aside.
        let half = Money::from_nanos(COST.nanos() / 2);
        let outcomes: Vec<_> = first
            .asks
            .iter()
            .map(|work| paid(database, &first, work, COST, half))
            .collect();
        store(database, &first, &outcomes).await;
        let goes_on = database.store.commit_outcomes(&second.scope, &batch).await.expect("begun");
        assert_eq!((goes_on.begun, goes_on.stopped), (1, None));
        assert_eq!(database.number(RESERVED).await, 2 * COST.nanos());
    }

    async fn a_project_may_have_a_budget_of_its_own(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        database
            .execute(&format!(
                "UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = {} WHERE id = {}",
                times(2).nanos(),
                project.project.0
            ))
            .await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        assert_eq!(begin(database, &claimed, &ids(&claimed)).await.begun, 2);
        let outcomes: Vec<_> = claimed
            .asks
            .iter()
            .take(2)
            .map(|work| answered(database, &claimed, work, Vec::new()))
            .collect();
        let rest = begins(&ids(&claimed)[2..]);
        let batch = Batch { outcomes: &outcomes, begin: &rest, ..Batch::default() };
        let committed = database.store.commit_outcomes(&claimed.scope, &batch).await.expect("over");
        assert_eq!((committed.stopped, committed.lane_done), (Some(Stopped::OverBudget), true));
        let alerts = database.store.budget(project.workspace).await.expect("a budget").alerts;
        let said: Vec<_> = alerts.iter().map(|alert| (alert.project.as_ref().map(|of| of.0), alert.kind)).collect();
        assert_eq!(said, [(Some(project.project), AlertKind::End)]);
    }

    async fn a_budget_says_how_near_its_end_is(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 10, budget: times(10), ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        for (number, work) in claimed.asks.iter().enumerate() {
            begin(database, &claimed, &[work.id]).await;
            store(database, &claimed, &[answered(database, &claimed, work, Vec::new())]).await;
            let budget = database.store.budget(project.workspace).await.expect("a budget");
            let said: Vec<_> = budget.alerts.iter().map(|alert| alert.kind).collect();
            let expected: &[AlertKind] = match number + 1 {
                0..=7 => &[],
                8..=9 => &[AlertKind::Threshold],
                _ => &[AlertKind::End],
            };
            assert_eq!(said, expected, "after {}", number + 1);
            assert_eq!(budget.is_over(), number + 1 == 10);
        }
    }

    async fn a_lost_worker_gives_back_what_it_set_aside(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        project.plan(database).await;
        let lost = claim(database, "a").await;
        begin(database, &lost, &ids(&lost)).await;
        assert_eq!(database.number(RESERVED).await, times(3).nanos());
        database.clock.advance(engine::LEASE * 2);
        let claimed = database.store.claim_lane(&claiming("b")).await.expect("claimed");
        assert_eq!(claimed.expect("a lane").lost, 3);
        assert_eq!(database.number(RESERVED).await, 0);
        assert_eq!(database.number(LEDGER).await, database.number(DAYS).await);
    }

    async fn another_attempt_needs_money_of_its_own(database: &TestDatabase) {
        let plan = ProjectPlan { budget: times(3), ..ProjectPlan::default() };
        make_project(database, &plan).await.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)[..2]).await;
        let reserve = async || database.store.reserve_for_lane(&claimed.scope, COST).await.expect("asked");
        assert!(reserve().await);
        assert!(!reserve().await);
        assert_eq!(database.number(RESERVED).await, times(3).nanos());
    }
}
