//! Keys that cannot be opened, key stores that do not answer, lanes that cannot be gone on with.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::model::ids::WorkspaceId;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use async_trait::async_trait;
use engine::scripted::{Alone, Keys, Scripted, answer};
use engine::{Engine, EngineHandle, FoundKey, KeyError, KeyRing, KeyWaits, Options, Parts};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, quick, until};
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

/// A key ring that fails for one provider, so many times, and counts the looks.
struct Failing {
    provider: Provider,
    fails: usize,
    why: fn() -> KeyError,
    looks: AtomicUsize,
}

impl Failing {
    fn new(provider: Provider, fails: usize, why: fn() -> KeyError) -> Arc<Self> {
        Arc::new(Self {
            provider,
            fails,
            why,
            looks: AtomicUsize::new(0),
        })
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl KeyRing for Failing {
    async fn access(
        &self,
        workspace: WorkspaceId,
        provider: Provider,
    ) -> Result<FoundKey, KeyError> {
        if provider == self.provider && self.looks.fetch_add(1, Ordering::SeqCst) < self.fails {
            return Err((self.why)());
        }
        Keys::default().access(workspace, provider).await
    }
}

fn unreadable() -> KeyError {
    KeyError::Unreadable("it is damaged; enter it again".to_owned())
}

fn unreachable() -> KeyError {
    KeyError::Unreachable("as the script says".to_owned())
}

fn plan() -> ProjectPlan {
    ProjectPlan {
        prompts: 10,
        ..ProjectPlan::default()
    }
}

fn provider() -> Arc<Scripted> {
    Arc::new(Scripted::new(|_, _, _| answer("Kipu", MILLISECOND)))
}

fn start(
    database: &TestDatabase,
    provider: &Arc<Scripted>,
    keys: &Arc<Failing>,
    options: Options,
) -> (EngineHandle, CancellationToken) {
    let parts = Parts {
        lanes: Arc::new(database.store.clone()),
        keys: Arc::clone(keys) as Arc<dyn KeyRing>,
        provider: Arc::clone(provider) as Arc<dyn providers::Provider>,
        clock: Arc::clone(database.store.clock()),
        local_workers: Arc::new(Alone::new()),
    };
    let shutdown = CancellationToken::new();
    (Engine::spawn(parts, options, shutdown.clone()), shutdown)
}

/// How often lanes were claimed, all together.
async fn claims(database: &TestDatabase) -> i64 {
    database
        .number("SELECT CAST(SUM(epoch) AS BIGINT) FROM llm_monitoring_lanes")
        .await
}

on_both_databases! {
    async fn a_key_that_cannot_be_opened_ends_its_lane_alone(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let (provider, keys) = (provider(), Failing::new(Provider::OpenAi, usize::MAX, unreadable));
        let (engine, shutdown) = start(database, &provider, &keys, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        assert_eq!(view.lanes[0].end_reason, Some(ErrorClass::BadKey));
        assert_eq!((view.lanes[0].failed, view.lanes[1].answered), (10, 10));
        assert_eq!((provider.calls(), keys.looks()), (10, 1));
        let told = "SELECT COUNT(*) FROM llm_monitoring_results \
            WHERE error_class = 'bad_key' AND error_message LIKE '%enter it again%'";
        assert_eq!(database.number(told).await, 10, "each ask says what to do");
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_key_store_that_comes_back_costs_no_ask_and_no_claim(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let (provider, keys) = (provider(), Failing::new(Provider::OpenAi, 12, unreachable));
        let (engine, shutdown) = start(database, &provider, &keys, quick());
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 20));
        assert_eq!(claims(database).await, 2, "each lane was claimed once");
        assert_eq!(keys.looks(), 13);
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_lane_that_waits_for_its_key_is_held_and_looks_seldom(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let (provider, keys) = (provider(), Failing::new(Provider::OpenAi, usize::MAX, unreachable));
        let key_waits = KeyWaits { first: 50 * MILLISECOND, longest: Duration::from_hours(1), in_all: Duration::from_hours(2) };
        let (engine, shutdown) = start(database, &provider, &keys, Options { key_waits, ..quick() });
        let run = project.plan(database).await;
        engine.wake();
        until(async || {
            let view = database.store.run(project.workspace, run).await.expect("a run");
            view.lanes[1].answered == 10
        }).await;
        sleep(Duration::from_secs(2)).await;
        // 0, 50, 150, 350, 750, 1550 ms and so on: it doubles.
        assert!((2..=9).contains(&keys.looks()), "{}", keys.looks());
        assert_eq!(claims(database).await, 2, "nobody claims it again meanwhile");

        // A cancel is noticed while it waits.
        database.store.request_cancel(project.workspace, run).await.expect("cancelled");
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::Cancelled);
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_shutdown_gives_a_waiting_lane_back(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let (provider, keys) = (provider(), Failing::new(Provider::OpenAi, usize::MAX, unreachable));
        let key_waits = KeyWaits { first: Duration::from_hours(1), longest: Duration::from_hours(1), in_all: Duration::from_hours(2) };
        let (engine, shutdown) = start(database, &provider, &keys, Options { key_waits, ..quick() });
        let run = project.plan(database).await;
        engine.wake();
        until(async || keys.looks() == 1).await;
        shutdown.cancel();
        engine.join().await;
        let held = "SELECT COUNT(*) FROM llm_monitoring_lanes WHERE worker IS NOT NULL AND status <> 'done'";
        assert_eq!(database.number(held).await, 0);
        let keys = Failing::new(Provider::OpenAi, 0, unreachable);
        let (engine, shutdown) = start(database, &provider, &keys, quick());
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::Finished);
        shutdown.cancel();
        engine.join().await;
    }

    async fn waiting_for_keys_has_an_end(database: &TestDatabase) {
        let project = make_project(database, &plan()).await;
        let (provider, keys) = (provider(), Failing::new(Provider::OpenAi, usize::MAX, unreachable));
        let key_waits = KeyWaits { first: MILLISECOND, longest: 20 * MILLISECOND, in_all: 200 * MILLISECOND };
        let (engine, shutdown) = start(database, &provider, &keys, Options { key_waits, ..quick() });
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.lanes[0].end_reason, Some(ErrorClass::BadKey));
        assert_eq!((view.lanes[0].failed, view.lanes[1].answered), (10, 10));
        assert_each_ask_has_one_outcome(database, &view).await;
        shutdown.cancel();
        engine.join().await;
    }
}
