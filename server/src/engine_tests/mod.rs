//! The engine with a scripted provider and the real store, on both databases. What it does without
//! a store is tested in its own crate.

mod budget;
mod fan_out;
mod faults;
mod keys;
mod prices;
mod shared_keys;
mod simulated;

use std::sync::Arc;
use std::time::Duration;

use app::model::ids::{RunId, WorkspaceId};
use app::model::run::RunView;
use engine::attempt::RetryPolicy;
use engine::scripted::{Alone, Keys, Scripted};
use engine::{Engine, EngineHandle, Options, Parts};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::store::testing::TestDatabase;

const MILLISECOND: Duration = Duration::from_millis(1);
/// Far more than any of these tests takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Retries that do not keep a test waiting.
const fn quick() -> Options {
    Options {
        first_window: 8,
        retry: RetryPolicy {
            max_attempts: 4,
            first_delay: MILLISECOND,
            max_delay: Duration::from_millis(4),
            longest_wait: Duration::from_millis(50),
            deadline: Duration::from_secs(5),
        },
        drain: Duration::from_secs(5),
        key_waits: engine::KeyWaits {
            first: MILLISECOND,
            longest: Duration::from_millis(20),
            in_all: Duration::from_mins(1),
        },
        capacity: 1_000,
        credential_limit: 1_000,
        lanes_a_workspace: 8,
    }
}

fn parts(database: &TestDatabase, provider: &Arc<Scripted>, keys: Keys) -> Parts {
    Parts {
        lanes: Arc::new(database.store.clone()),
        keys: Arc::new(keys),
        provider: Arc::clone(provider) as Arc<dyn providers::Provider>,
        clock: Arc::clone(database.store.clock()),
        local_workers: Arc::new(Alone::new()),
    }
}

fn start(
    database: &TestDatabase,
    provider: &Arc<Scripted>,
    options: Options,
) -> (EngineHandle, CancellationToken) {
    let shutdown = CancellationToken::new();
    let parts = parts(database, provider, Keys::default());
    (Engine::spawn(parts, options, shutdown.clone()), shutdown)
}

/// Waits until `is_so`.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "it never came");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The run, once it is over.
async fn finished(database: &TestDatabase, workspace: WorkspaceId, run: RunId) -> RunView {
    until(async || {
        let view = database.store.run(workspace, run).await.expect("a run");
        view.status.is_over()
    })
    .await;
    database.store.run(workspace, run).await.expect("a run")
}

/// Asserts what must hold of every run that is over, whatever happened to it.
async fn assert_each_ask_has_one_outcome(database: &TestDatabase, view: &RunView) {
    let number = async |sql: &str| {
        database
            .number(&sql.replace("{run}", &view.id.to_string()))
            .await
    };
    let open = "SELECT COUNT(*) FROM llm_monitoring_asks \
        WHERE run_id = {run} AND state IN ('waiting', 'running')";
    assert_eq!(number(open).await, 0, "asks without an outcome");
    let asks = "SELECT COUNT(*) FROM llm_monitoring_asks WHERE run_id = {run}";
    assert_eq!(number(asks).await, view.total());
    assert_eq!(view.settled(), view.total());
    for (state, outcome, counted) in [
        ("answered", "a.outcome <> 'failed'", view.answered()),
        ("failed", "a.outcome = 'failed'", view.failed()),
    ] {
        let sql = format!(
            "SELECT COUNT(*) FROM llm_monitoring_asks k JOIN llm_monitoring_results a \
             ON a.ask_id = k.id WHERE k.run_id = {{run}} AND k.state = '{state}' AND {outcome}"
        );
        assert_eq!(number(&sql).await, counted, "{state}");
    }
    let answers = "SELECT COUNT(*) FROM llm_monitoring_results WHERE run_id = {run}";
    assert_eq!(number(answers).await, view.answered() + view.failed());
    let ledger = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) \
        FROM llm_spend_ledger WHERE run_id = {run}";
    assert_eq!(
        number(ledger).await,
        view.cost().nanos(),
        "ledger and lanes"
    );
    let running: i64 = view.lanes.iter().map(|lane| lane.running).sum();
    assert_eq!(running, 0);
}
