//! Prices that change while a run is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::model::money::Money;
use app::model::provider::Provider;
use app::model::registry::ModelChange;
use app::model::run::RunStatus;
use app::validate::PriceAmounts;
use engine::scripted::{Scripted, answer};

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, quick, start, until};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

const PROMPTS: usize = 60;

fn plan() -> ProjectPlan {
    ProjectPlan {
        prompts: PROMPTS,
        models: vec![(Provider::OpenAi, "model-a", true)],
        ..ProjectPlan::default()
    }
}

async fn ten_times_dearer(database: &TestDatabase, project: &TestProject) {
    let amounts = PriceAmounts {
        input: Some(Money::from_usd(10)),
        output: Some(Money::from_usd(100)),
        ..PriceAmounts::default()
    };
    let change = ModelChange::default();
    let changed =
        database
            .store
            .change_model(project.models[0], &change, Some(amounts), project.user);
    changed.await.expect("a new price");
}

on_both_databases! {
    async fn a_new_price_holds_for_what_is_sent_after_it(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let is_open = Arc::new(AtomicBool::new(false));
        let gate = Arc::clone(&is_open);
        let clock = database.clock.clone();
        // An answer takes a moment of the database's clock once the gate is open; before, the first
        // window waits at it.
        let provider = Arc::new(Scripted::new(move |_, _, attempt| {
            let is_first = !gate.load(Ordering::SeqCst) && attempt == 1;
            if !is_first {
                clock.advance(2 * MILLISECOND);
            }
            let mut step = answer("Kipu", if is_first { 400 * MILLISECOND } else { MILLISECOND });
            step.result = step.result.map(|mut answer| {
                answer.usage.searches = Some(0);
                answer
            });
            step
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        until(async || provider.in_flight() == quick().first_window).await;
        // They were sent at the old price, and come back after the new one holds.
        database.clock.advance(Duration::from_secs(1));
        ten_times_dearer(database, &project).await;
        is_open.store(true, Ordering::SeqCst);
        database.clock.advance(100 * MILLISECOND);
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 60));
        assert_each_ask_has_one_outcome(database, &view).await;
        // 100 tokens read and 50 written, at $1 and $10, or at $10 and $100 a million.
        let (old, new) = (600_000, 6_000_000);
        let of = async |cost: i64| {
            let sql = format!("SELECT COUNT(*) FROM llm_monitoring_results WHERE cost_nano_usd = {cost}");
            database.number(&sql).await
        };
        let first = i64::try_from(quick().first_window).expect("small");
        assert_eq!((of(old).await, of(new).await), (first, 60 - first));
        assert_eq!(view.cost().nanos(), first * old + (60 - first) * new);
        // Computed again at the dated prices, nothing differs.
        let day = "2026-03-10".parse().expect("a day");
        let again = database.store.recompute(project.workspace, project.models[0], (day, day)).await;
        let again = again.expect("computed").sum();
        assert_eq!((again.booked, again.computed), (view.cost(), view.cost()));
        shutdown.cancel();
        engine.join().await;
    }

    async fn the_budget_counts_with_the_new_price(database: &TestDatabase) {
        // Forty cents: plenty for sixty answers of 0.0006, and for a few of 0.06 each. Without
        // search, so that a worst case is near the cost.
        let project = make_project(database, &ProjectPlan { budget: Money::from_nanos(400_000_000), ..plan() }).await;
        database.execute("UPDATE llm_model_registry SET web_search = FALSE, max_tokens = 60").await;
        let changed = Arc::new(AtomicBool::new(false));
        let is_changed = Arc::clone(&changed);
        let provider = Arc::new(Scripted::new(move |_, _, _| {
            answer("Kipu", if is_changed.load(Ordering::SeqCst) { MILLISECOND } else { 300 * MILLISECOND })
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        until(async || provider.in_flight() == quick().first_window).await;
        database.clock.advance(Duration::from_secs(1));
        // A hundred times: of what is left, few more fit.
        let amounts = PriceAmounts {
            input: Some(Money::from_usd(100)),
            output: Some(Money::from_usd(1_000)),
            ..PriceAmounts::default()
        };
        let model = project.models[0];
        database.store.change_model(model, &ModelChange::default(), Some(amounts), project.user).await.expect("a price");
        database.clock.advance(100 * MILLISECOND);
        changed.store(true, Ordering::SeqCst);
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::OverBudget);
        let budget = database.store.budget(project.workspace).await.expect("a budget");
        assert!(budget.spent <= budget.monthly, "{} of {}", budget.spent, budget.monthly);
        // An answer costs 0.06 now: the worst case of 0.1624 did not fit a third time.
        assert!(budget.spent + Money::from_nanos(165_000_000) > budget.monthly, "{}", budget.spent);
        shutdown.cancel();
        engine.join().await;
    }
}
