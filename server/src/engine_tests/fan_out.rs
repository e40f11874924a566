//! From a planned run to answers, findings and snapshots.

use std::sync::Arc;
use std::time::Duration;

use app::model::provider::Provider;
use app::model::run::RunStatus;
use engine::Options;
use engine::scripted::{Scripted, answer, failure};
use providers::ErrorClass;
use rand::{RngExt, SeedableRng};
use tokio::time::Instant;

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, quick, start, until};
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

on_both_databases! {
    async fn a_run_is_worked_off(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 25, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let provider = Arc::new(Scripted::new(|_, question, _| {
            assert_eq!(question.hints, ["Kipu", "Acme", "Globex"]);
            assert_eq!((question.country.as_deref(), question.web_search), (Some("ES"), true));
            answer("1. Acme\n2. Kipu\n3. Other", 2 * MILLISECOND)
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        let begun = Instant::now();
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 50));
        assert_each_ask_has_one_outcome(database, &view).await;
        assert_eq!(provider.calls(), 50);
        // 100 tokens read at $1 and 50 written at $10 a million.
        assert_eq!(view.cost().nanos(), 50 * (100_000 + 500_000));

        let day = "2026-03-10".parse().expect("a day");
        let shown = database.store.sums_of_projects(project.workspace, &[project.project], day, day).await;
        let shown = shown.expect("sums")[&project.project];
        assert_eq!((shown.answers, shown.mentions), (50, 50));
        assert_eq!((shown.rank_sum, shown.top3), (100, 50));
        assert_eq!(shown.competitor_mentions, 50);
        shutdown.cancel();
        engine.join().await;
    }

    async fn each_ask_has_one_outcome_whatever_the_provider_does(database: &TestDatabase) {
        for seed in 0..6_u64 {
            let models = vec![
                (Provider::OpenAi, "model-a", true),
                (Provider::Google, "model-b", true),
                (Provider::Mistral, "model-c", false),
            ];
            let plan = ProjectPlan { prompts: 30, models, ..ProjectPlan::default() };
            let project = make_project(database, &plan).await;
            let random = std::sync::Mutex::new(rand::rngs::StdRng::seed_from_u64(seed));
            let provider = Arc::new(Scripted::new(move |access, _, _| {
                let mut random = random.lock().expect("not poisoned");
                let after = Duration::from_micros(random.random_range(0..6_000));
                match random.random_range(0..100) {
                    0..55 => answer("Kipu and Acme", after),
                    55..85 => failure(ErrorClass::Overloaded, true, after),
                    85..99 => failure(ErrorClass::BadResponse, false, after),
                    _ if access.provider == Provider::Google => {
                        failure(ErrorClass::NoMoney, false, after)
                    }
                    _ => failure(ErrorClass::RateLimited, true, after),
                }
            }));
            // Two workers, that neither disturb each other nor share a credential.
            let (first, stop_first) = start(database, &provider, quick());
            let (second, stop_second) = start(database, &provider, quick());
            let run = project.plan(database).await;
            first.wake();
            second.wake();
            let view = finished(database, project.workspace, run).await;
            assert_eq!(view.total(), 90, "seed {seed}");
            assert_each_ask_has_one_outcome(database, &view).await;
            stop_first.cancel();
            stop_second.cancel();
            first.join().await;
            second.join().await;
        }
    }

    async fn a_lane_fills_its_window_up_to_the_limit_of_its_model(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let plan = ProjectPlan { prompts: 60, models, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", 20 * MILLISECOND)));
        database.execute("UPDATE llm_model_registry SET max_in_flight = 30").await;
        let run = project.plan(database).await;
        let options = Options { first_window: 100, ..quick() };
        let (engine, shutdown) = start(database, &provider, options);
        finished(database, project.workspace, run).await;
        assert_eq!(provider.most_in_flight(), 30);
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_small_run_is_not_held_up_by_a_big_one(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let big = ProjectPlan { prompts: 600, models: models.clone(), ..ProjectPlan::default() };
        let big = make_project(database, &big).await;
        let small = ProjectPlan { prompts: 10, models, ..ProjectPlan::default() };
        let small = make_project(database, &small).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", 20 * MILLISECOND)));
        // Room for eight: the big run alone would fill it for two seconds.
        let options = Options { capacity: 8, lanes_a_workspace: 1, ..quick() };
        let (engine, shutdown) = start(database, &provider, options);
        let big_run = big.plan(database).await;
        engine.wake();
        until(async || provider.calls() > 20).await;
        let small_run = small.plan(database).await;
        engine.wake();
        finished(database, small.workspace, small_run).await;
        let view = database.store.run(big.workspace, big_run).await.expect("a run");
        assert!(view.settled() < 300, "the small run waited for {} asks", view.settled());
        let view = finished(database, big.workspace, big_run).await;
        assert_eq!(view.answered(), 600);
        assert!(provider.most_in_flight() <= 8, "{}", provider.most_in_flight());
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_workspace_of_many_lanes_leaves_room_for_the_lane_of_another(database: &TestDatabase) {
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", 20 * MILLISECOND)));
        let many = [
            (Provider::OpenAi, "model-a", true),
            (Provider::Anthropic, "model-b", true),
            (Provider::Google, "model-c", true),
        ];
        let plan = ProjectPlan { prompts: 60, models: many.to_vec(), ..ProjectPlan::default() };
        let big = make_project(database, &plan).await;
        let big_run = big.plan(database).await;
        let plan = ProjectPlan { prompts: 5, models: many[..1].to_vec(), ..ProjectPlan::default() };
        let small = make_project(database, &plan).await;
        let small_run = small.plan(database).await;
        let options = Options { capacity: 4, lanes_a_workspace: 1, ..quick() };
        let (engine, shutdown) = start(database, &provider, options);
        finished(database, small.workspace, small_run).await;
        let view = database.store.run(big.workspace, big_run).await.expect("a run");
        assert!(view.settled() < 60, "{} asks came first", view.settled());
        assert_eq!(finished(database, big.workspace, big_run).await.answered(), 180);
        shutdown.cancel();
        engine.join().await;
    }

    async fn what_was_learnt_of_a_key_is_kept_for_its_next_run(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let plan = ProjectPlan { prompts: 60, models, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        // Some of the questions are refused at first.
        let provider = Arc::new(Scripted::new(|_, question, attempt| {
            if question.text.ends_with("3?") && attempt == 1 {
                failure(ErrorClass::RateLimited, true, MILLISECOND)
            } else {
                answer("Kipu", 5 * MILLISECOND)
            }
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.answered(), 60);
        assert_each_ask_has_one_outcome(database, &view).await;
        let kept = "SELECT window_size FROM llm_monitoring_paces";
        until(async || {
            database.number("SELECT COUNT(*) FROM llm_monitoring_paces").await == 1
        })
        .await;
        let window = database.number(kept).await;
        assert!((1..8).contains(&window), "{window} after refusals");
        project.plan(database).await;
        let claiming = engine::ClaimRequest { worker: "next", held: &[], lanes_a_workspace: 1 };
        shutdown.cancel();
        engine.join().await;
        let claimed = database.store.claim_lane(&claiming).await.expect("claimed");
        let learnt = claimed.expect("a lane").limits.learnt_window;
        assert_eq!(learnt, usize::try_from(window).ok());
    }
}
