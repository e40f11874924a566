//! Prices of a judge: one that changes while it reads, and that of a model which reads in its place.

use std::sync::atomic::AtomicBool;

use app::model::registry::ModelChange;
use app::validate::PriceAmounts;

use super::*;

/// Answers that name two are judged six a call, and eight calls are in flight.
const CALLS: i64 = 20;
const IN_FLIGHT: i64 = 8;

on_both_databases! {
    async fn what_another_model_judged_costs_what_that_one_costs(database: &TestDatabase) {
        let provider = provider(|_, task, _| {
            let step = reply(&verdicts(task));
            let result = step.result.map(|mut answer| {
                answer.model_served = Some("model-b".to_owned());
                answer
            });
            Step { result, ..step }
        });
        let models = vec![
            (ProviderName::OpenAi, "model-a", true),
            (ProviderName::OpenAi, "model-b", true),
        ];
        let plan = ProjectPlan { models, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        database.clock.advance(Duration::from_secs(1));
        let amounts = PriceAmounts {
            input: Some(Money::from_usd(10)),
            output: Some(Money::from_usd(100)),
            ..PriceAmounts::default()
        };
        let (served, by) = (world.project.models[1], world.project.user);
        let change = ModelChange::default();
        let changed = database.store.change_model(served, &change, Some(amounts), by).await;
        changed.expect("a new price");
        database.clock.advance(Duration::from_secs(1));
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done), (JudgeStatus::Done, 6));
        // One call, 100 tokens read and 50 written, at $10 and $100 a million.
        assert_eq!(pass.cost.nanos(), 6_000_000);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn a_new_price_holds_for_the_calls_after_it(database: &TestDatabase) {
        let is_open = Arc::new(AtomicBool::new(false));
        let gate = Arc::clone(&is_open);
        let provider = provider(move |_, task, _| {
            let after = if gate.load(Ordering::SeqCst) { 1 } else { 400 };
            Step { after: after * MILLISECOND, ..reply(&verdicts(task)) }
        });
        let plan = ProjectPlan { prompts: 60, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        let change = async {
            while provider.in_flight() < 8 {
                tokio::time::sleep(MILLISECOND).await;
            }
            database.clock.advance(Duration::from_secs(1));
            let amounts = PriceAmounts {
                input: Some(Money::from_usd(10)),
                output: Some(Money::from_usd(100)),
                ..PriceAmounts::default()
            };
            let (model, by) = (world.project.models[0], world.project.user);
            let change = ModelChange::default();
            let changed = database.store.change_model(model, &change, Some(amounts), by).await;
            changed.expect("a new price");
            is_open.store(true, Ordering::SeqCst);
            database.clock.advance(100 * MILLISECOND);
        };
        tokio::join!(work_off(&world.judging, "a"), change);
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done), (JudgeStatus::Done, 120));
        assert_eq!(provider.calls(), 120 + 20);
        // 100 tokens read and 50 written a call, at $1 and $10, then at $10 and $100 a million.
        assert_eq!(pass.cost.nanos(), IN_FLIGHT * 600_000 + (CALLS - IN_FLIGHT) * 6_000_000);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }
}
