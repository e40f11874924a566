//! Answers of the simulator: a cost of their own that nobody pays.

use std::sync::Arc;

use app::model::money::{Money, Spend};
use app::model::provider::Provider;
use app::model::run::RunStatus;
use engine::scripted::{Scripted, answer, failure};
use providers::ErrorClass;

use super::{MILLISECOND, finished, quick, start};
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

on_both_databases! {
    async fn simulated_dollars_are_no_money(database: &TestDatabase) {
        // No budget at all, and a real model beside it that has no money then.
        let plan = ProjectPlan {
            prompts: 12,
            budget: Money::ZERO,
            models: vec![(Provider::Simulator, "sim", true), (Provider::OpenAi, "model-a", true)],
            ..ProjectPlan::default()
        };
        let project = make_project(database, &plan).await;
        let provider = Arc::new(Scripted::new(|access, _, attempt| match (access.provider, attempt) {
            (Provider::Simulator, 1) => failure(ErrorClass::Timeout, true, MILLISECOND),
            _ => answer("Kipu", MILLISECOND),
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        let simulated = &view.lanes[0];
        assert_eq!((simulated.provider, simulated.answered), (Provider::Simulator, 12));
        assert_eq!((view.lanes[1].answered, view.lanes[1].dropped, view.status), (0, 12, RunStatus::OverBudget));
        // They have a cost, which is said to be none of anybody's.
        assert_eq!((view.spend(), view.simulated_cost().nanos()), (Spend::default(), 12 * 600_000));
        for table in ["llm_spend_ledger", "llm_spend_days"] {
            assert_eq!(database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        let budget = database.store.budget(project.workspace).await.expect("a budget");
        assert_eq!((budget.spent, budget.reserved), (Money::ZERO, Money::ZERO));
        let day = "2026-03-10".parse().expect("a day");
        let sums = database.store.sums_of_projects(project.workspace, &[project.project], day, day).await;
        let sums = sums.expect("sums")[&project.project];
        assert_eq!((sums.cost, sums.simulated_cost.nanos()), (Money::ZERO, 12 * 600_000));
        shutdown.cancel();
        engine.join().await;
    }
}
