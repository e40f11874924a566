//! The budget, where answers cost far more than their limits say.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use engine::scripted::{Keys, Scripted, Step, answer};
use engine::{Engine, EngineHandle};
use providers::Usage;

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, parts, quick, start, until};
use crate::store::money::BudgetChange;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};
use tokio_util::sync::CancellationToken;

/// What one answer uses.
fn answer_of(searches: i64, input: i64, output: i64, after: Duration) -> Step {
    let step = answer("Kipu", after);
    Step {
        result: step.result.map(|mut answer| {
            answer.usage = Usage {
                input_tokens: Some(input),
                output_tokens: Some(output),
                searches: Some(searches),
                ..Usage::default()
            };
            answer
        }),
        ..step
    }
}

fn one_model(prompts: usize, budget: Money) -> ProjectPlan {
    ProjectPlan {
        prompts,
        budget,
        models: vec![(Provider::OpenAi, "model-a", true)],
        ..ProjectPlan::default()
    }
}

async fn spent(database: &TestDatabase, at: &TestProject) -> Money {
    database
        .store
        .budget(at.workspace)
        .await
        .expect("a budget")
        .spent
}

async fn leave(database: &TestDatabase, at: &TestProject, left: Money) {
    let change = BudgetChange {
        monthly: Some(spent(database, at).await + left),
        ..BudgetChange::default()
    };
    database
        .store
        .save_budget(at.workspace, change)
        .await
        .expect("saved");
}

/// Asserts that what is spent and what is set aside fit the budget together, or that what is set
/// aside is for one ask alone.
async fn assert_fits_or_is_alone(database: &TestDatabase, at: &TestProject) {
    let passed = "w.monthly_budget_nano_usd < (SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) \
        AS BIGINT) FROM llm_spend_days WHERE workspace_id = w.id) \
        + (SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
        FROM llm_monitoring_lanes WHERE workspace_id = w.id)";
    let sql = format!(
        "SELECT CASE WHEN {passed} THEN (SELECT CAST(COALESCE(SUM(asks_running), 0) AS BIGINT) \
         FROM llm_monitoring_lanes WHERE workspace_id = w.id) ELSE 0 END \
         FROM workspaces w WHERE w.id = {}",
        at.workspace
    );
    let in_flight = database.number(&sql).await;
    assert!(in_flight <= 1, "{in_flight} in flight beyond the budget");
}

/// Runs all projects at once with one dollar left, and gives what they spent. Whenever one
/// looks, what is spent and what is set aside fit the budget together, or one ask is alone.
async fn spend_a_dollar(
    database: &TestDatabase,
    projects: &[TestProject],
    engines: &[EngineHandle],
) -> Money {
    let at = &projects[0];
    let before = spent(database, at).await;
    leave(database, at, Money::from_usd(1)).await;
    let mut runs = Vec::new();
    for project in projects {
        runs.push(project.plan(database).await);
    }
    engines.iter().for_each(EngineHandle::wake);
    for run in runs {
        until(async || {
            assert_fits_or_is_alone(database, at).await;
            let view = database.store.run(at.workspace, run).await;
            view.expect("a run").status.is_over()
        })
        .await;
        let view = finished(database, at.workspace, run).await;
        assert_each_ask_has_one_outcome(database, &view).await;
        assert_eq!(view.status, RunStatus::OverBudget);
    }
    let budget = database.store.budget(at.workspace).await.expect("a budget");
    assert_eq!(budget.reserved, Money::ZERO);
    budget.spent - before
}

fn assert_within_five_percent(spent: Money) {
    assert!(
        spent <= Money::from_nanos(1_050_000_000),
        "{spent} of 1.00: passed"
    );
    assert!(
        spent >= Money::from_nanos(500_000_000),
        "{spent} of 1.00: too careful"
    );
}

on_both_databases! {
    async fn a_dollar_holds_whatever_searches_cost(database: &TestDatabase) {
        // The audit's answers: 12 searches and 90,000 tokens of what they found.
        let provider = Arc::new(Scripted::new(|_, _, _| answer_of(12, 90_000, 700, 20 * MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let projects = make_projects(database, &one_model(20, Money::from_usd(100)), 4).await;
        let engines = [engine];
        let spent = spend_a_dollar(database, &projects, &engines).await;
        assert_within_five_percent(spent);
        // Again, now that it is known what they cost.
        assert_within_five_percent(spend_a_dollar(database, &projects, &engines).await);
        shutdown.cancel();
        let [engine] = engines;
        engine.join().await;
    }

    async fn a_dollar_holds_where_answers_grow_all_at_once(database: &TestDatabase) {
        let searches = Arc::new(AtomicI64::new(0));
        let now = Arc::clone(&searches);
        let provider = Arc::new(Scripted::new(move |_, _, _| {
            let searches = now.load(Ordering::SeqCst);
            answer_of(searches, 500 + searches * 7_500, 700, 15 * MILLISECOND)
        }));
        let projects = make_projects(database, &one_model(20, Money::from_usd(100)), 4).await;
        // Two workers: what one lane learns counts in every other.
        let stop = CancellationToken::new();
        let engines = [0, 1].map(|_| Engine::spawn(parts(database, &provider, Keys::default()), quick(), stop.clone()));
        let calm = projects[0].plan(database).await;
        engines.iter().for_each(EngineHandle::wake);
        assert_eq!(finished(database, projects[0].workspace, calm).await.status, RunStatus::Finished);
        // Nothing so far made more than no search; now they all make twelve.
        searches.store(12, Ordering::SeqCst);
        assert_within_five_percent(spend_a_dollar(database, &projects, &engines).await);
        stop.cancel();
        for engine in engines {
            engine.join().await;
        }
    }

    async fn nothing_waits_where_the_budget_is_far_away(database: &TestDatabase) {
        let provider = Arc::new(Scripted::new(|_, _, _| answer_of(12, 90_000, 700, 50 * MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let project = make_project(database, &one_model(24, Money::from_usd(1_000))).await;
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::Finished);
        // The first window is full at once, though nothing is known of the model.
        assert!(provider.most_in_flight() >= quick().first_window, "{}", provider.most_in_flight());
        shutdown.cancel();
        engine.join().await;
    }

    async fn what_was_seen_is_kept_for_two_months(database: &TestDatabase) {
        let provider = Arc::new(Scripted::new(|_, _, _| answer_of(12, 90_000, 700, MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let project = make_project(database, &one_model(2, Money::from_usd(100))).await;
        let run = project.plan(database).await;
        engine.wake();
        finished(database, project.workspace, run).await;
        shutdown.cancel();
        engine.join().await;
        let seen = async || {
            project.plan(database).await;
            let claiming = engine::ClaimRequest { worker: "w", held: &[], lanes_a_workspace: 8 };
            let claimed = database.store.claim_lane(&claiming).await.expect("claimed").expect("a lane");
            database.execute("UPDATE llm_monitoring_lanes SET status = 'done'").await;
            database.execute("UPDATE llm_monitoring_analysis_runs SET status = 'finished', finished_at = created_at").await;
            claimed.terms.seen
        };
        let known = seen().await;
        assert_eq!((known.searches, known.input_tokens, known.output_tokens), (12, 90_000, 700));
        database.clock.set("2026-04-30T12:00:00Z".parse().expect("a time"));
        assert_eq!(seen().await, known, "the month after");
        database.clock.set("2026-05-01T12:00:00Z".parse().expect("a time"));
        assert_eq!(seen().await, engine::allowance::LargestUsage::default(), "forgotten");
    }
}
