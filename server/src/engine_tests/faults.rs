//! Cancelled runs, refused keys, panics, shutdown, lost workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use async_trait::async_trait;
use engine::allowance::Terms;
use engine::scripted::{Keys, Scripted, answer, failure};
use engine::{
    Batch, ClaimRequest, Claimed, Committed, Engine, LEASE, LaneError, LaneHold, LaneScope,
    LaneState, LaneStore, Options, Parts, Reading, UNREADABLE,
};
use providers::ErrorClass;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, parts, quick, start, until};
use crate::store::Store;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

const FOREVER: Duration = Duration::from_hours(1);

fn many_prompts() -> ProjectPlan {
    ProjectPlan {
        prompts: 40,
        ..ProjectPlan::default()
    }
}

/// A database whose answers get lost: every third commit is written and then reported as
/// unreachable, every third is not written at all; from one on it is gone.
struct Flaky {
    store: Store,
    commits: AtomicUsize,
    gone_from: usize,
}

#[async_trait]
impl LaneStore for Flaky {
    async fn claim(&self, claiming: &ClaimRequest<'_>) -> Result<Option<Claimed>, LaneError> {
        self.store.claim(claiming).await
    }

    async fn reserve(&self, scope: &LaneScope, amount: Money) -> Result<bool, LaneError> {
        self.store.reserve(scope, amount).await
    }

    async fn learn(&self, scope: &LaneScope, window: usize) -> Result<(), LaneError> {
        self.store.learn(scope, window).await
    }

    async fn release_dead_worker(&self, worker: &str) -> Result<u64, LaneError> {
        self.store.release_dead_worker(worker).await
    }

    async fn lane_state(&self, _: &LaneHold) -> Result<LaneState, LaneError> {
        Err(LaneError::Unreachable("as the script says".to_owned()))
    }

    async fn readings(&self, scope: &LaneScope) -> Result<Vec<Reading>, LaneError> {
        LaneStore::readings(&self.store, scope).await
    }

    async fn terms(&self, scope: &LaneScope) -> Result<Terms, LaneError> {
        LaneStore::terms(&self.store, scope).await
    }

    async fn renew(&self, hold: &LaneHold) -> Result<(), LaneError> {
        self.store.renew(hold).await
    }

    async fn release(&self, hold: &LaneHold) -> Result<(), LaneError> {
        self.store.release(hold).await
    }

    async fn commit(&self, scope: &LaneScope, batch: &Batch<'_>) -> Result<Committed, LaneError> {
        let unreachable = || LaneError::Unreachable("as the script says".to_owned());
        let commits = self.commits.fetch_add(1, Ordering::SeqCst);
        if commits >= self.gone_from {
            return Err(unreachable());
        }
        match commits % 3 {
            0 => {
                self.store.commit(scope, batch).await?;
                Err(unreachable())
            }
            1 => Err(unreachable()),
            _ => self.store.commit(scope, batch).await,
        }
    }
}

on_both_databases! {
    async fn a_cancel_takes_effect_within_a_second(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", 1_500 * MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        until(async || provider.in_flight() == 16).await;
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
        let asked = Instant::now();
        until(async || {
            let view = database.store.run(project.workspace, run).await.expect("a run");
            view.lanes.iter().all(|lane| lane.waiting() == 0)
        })
        .await;
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Cancelled, 16));
        assert_eq!(provider.calls(), 16);
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn an_answer_that_panics_its_reader_is_kept_and_counts_nowhere(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan { prompts: 4, ..ProjectPlan::default() }).await;
        // A short text is read where it is, a long one on another thread: all the same.
        let long = format!("{}{UNREADABLE}", "Kipu ".repeat(8_000));
        let provider = Arc::new(Scripted::new(move |_, question, _| match question.text.as_str() {
            text if text.contains("number 0") => answer(UNREADABLE, MILLISECOND),
            text if text.contains("number 1") => answer(&long, MILLISECOND),
            _ => answer("Kipu", MILLISECOND),
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 8));
        assert_each_ask_has_one_outcome(database, &view).await;
        let number = async |sql: &str| database.number(sql).await;
        assert_eq!(number("SELECT COUNT(*) FROM llm_monitoring_unread").await, 4);
        let sum = |column: &str| format!("SELECT CAST(SUM({column}) AS BIGINT) \
            FROM llm_monitoring_snapshots WHERE prompts = 'all'");
        let sums = (number(&sum("answers")).await, number(&sum("mentions")).await, number(&sum("failed")).await);
        assert_eq!(sums, (4, 4, 4));
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_dead_key_ends_its_lane_alone(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|access, _, _| match access.provider {
            Provider::OpenAi => failure(ErrorClass::BadKey, false, MILLISECOND),
            _ => answer("Kipu", MILLISECOND),
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        assert_eq!(view.lanes[0].end_reason, Some(ErrorClass::BadKey));
        assert_eq!((view.lanes[0].failed, view.lanes[1].answered), (40, 40));
        assert!(provider.calls() <= 48, "no ask is sent in vain: {}", provider.calls());
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn without_a_key_nothing_is_sent(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", MILLISECOND)));
        let keys = Keys { missing: Some(Provider::Anthropic), ..Keys::default() };
        let shutdown = CancellationToken::new();
        let engine = Engine::spawn(parts(database, &provider, keys), quick(), shutdown.clone());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.lanes[0].answered, view.lanes[1].failed), (40, 40));
        assert_eq!(provider.calls(), 40);
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn an_adapter_that_panics_fails_its_ask_alone(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, question, _| {
            assert!(!question.text.ends_with("7?"), "as the script says");
            answer("Kipu", MILLISECOND)
        }));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        // 7, 17, 27 and 37, of two models.
        assert_eq!((view.status, view.failed()), (RunStatus::FinishedWithFailures, 8));
        assert_each_ask_has_one_outcome(database, &view).await;
        // Something came, and it may have been paid for.
        let lost = "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'lost' AND amount_nano_usd > 0";
        assert_eq!(database.number(lost).await, 8);
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_shutdown_keeps_what_is_in_flight_and_gives_the_rest_back(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", 300 * MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let run = project.plan(database).await;
        engine.wake();
        until(async || provider.in_flight() == 16).await;
        shutdown.cancel();
        engine.join().await;
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.answered()), (RunStatus::Running, 16));
        assert!(view.lanes.iter().all(|lane| lane.running == 0));

        // Another worker goes on at once, without a lease to wait for, and nothing is lost.
        let (engine, shutdown) = start(database, &provider, quick());
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 80));
        assert_eq!(provider.calls(), 80);
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_drain_has_an_end_and_what_was_given_up_is_booked(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", FOREVER)));
        let options = Options { drain: 50 * MILLISECOND, ..quick() };
        let (engine, shutdown) = start(database, &provider, options);
        let run = project.plan(database).await;
        engine.wake();
        until(async || provider.in_flight() == 16).await;
        shutdown.cancel();
        engine.join().await;
        assert_eq!(provider.in_flight(), 0);

        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", MILLISECOND)));
        let (engine, shutdown) = start(database, &provider, quick());
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 80));
        let lost = "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'lost'";
        assert_eq!(database.number(lost).await, 16);
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_worker_that_lost_its_lane_writes_nothing_more(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", true)];
        let project = make_project(database, &ProjectPlan { models, ..many_prompts() }).await;
        let slow = Arc::new(Scripted::new(|_, _, _| answer("from the first", 400 * MILLISECOND)));
        let (first, stop_first) = start(database, &slow, quick());
        let run = project.plan(database).await;
        first.wake();
        until(async || slow.in_flight() == 8).await;
        // As if the first worker had been stopped for longer than its lease.
        database.clock.advance(LEASE + MILLISECOND);
        let quick_one = Arc::new(Scripted::new(|_, _, _| answer("from the second", MILLISECOND)));
        let (second, stop_second) = start(database, &quick_one, quick());
        let view = finished(database, project.workspace, run).await;
        stop_first.cancel();
        stop_second.cancel();
        first.join().await;
        second.join().await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 40));
        assert_each_ask_has_one_outcome(database, &view).await;
    }

    async fn answers_survive_a_database_that_fails_to_answer(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", MILLISECOND)));
        let (store, commits) = (database.store.clone(), AtomicUsize::new(0));
        let flaky = Flaky { store, commits, gone_from: usize::MAX };
        let parts = Parts { lanes: Arc::new(flaky), ..parts(database, &provider, Keys::default()) };
        let shutdown = CancellationToken::new();
        let engine = Engine::spawn(parts, quick(), shutdown.clone());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 80));
        assert_eq!(provider.calls(), 80, "no answer was asked for again");
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_host_goes_down_although_its_database_does_not_answer(database: &TestDatabase) {
        let project = make_project(database, &many_prompts()).await;
        let provider = Arc::new(Scripted::new(|_, _, _| answer("Kipu", MILLISECOND)));
        let (store, commits) = (database.store.clone(), AtomicUsize::new(0));
        let gone = Arc::new(Flaky { store, commits, gone_from: 3 });
        let lanes: Arc<Flaky> = Arc::clone(&gone);
        let parts = Parts { lanes, ..parts(database, &provider, Keys::default()) };
        let shutdown = CancellationToken::new();
        let options = Options { drain: 50 * MILLISECOND, ..quick() };
        let engine = Engine::spawn(parts, options, shutdown.clone());
        let run = project.plan(database).await;
        engine.wake();
        until(async || gone.commits.load(Ordering::SeqCst) > 8).await;
        shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(10), engine.join()).await.expect("it goes down");

        // What it had in flight is booked as lost, and the run comes to its end.
        database.clock.advance(LEASE + MILLISECOND);
        let (engine, shutdown) = start(database, &provider, quick());
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 80));
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }
}
