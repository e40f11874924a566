//! A host of a test's own.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::model::account::Role;
use app::model::ids::{UserId, WorkspaceId};
use axum::Router;
use chrono::{DateTime, Utc};
use engine::{Engine, EngineHandle, Options, Parts};
use futures_util::FutureExt;
use parallax::auth::passwords::Passwords;
use parallax::auth::set_up::SetUp;
use parallax::auth::tokens::Tokens;
use parallax::config::{Config, Source};
use parallax::http::{HttpState, router};
use parallax::jobs::judge_worker::{self, Judging};
use parallax::services::Host;
use parallax::services::keys::HostKeyRing;
use parallax::services::projects::Discoveries;
use parallax::services::sums::{Charts, Dashboards, Overviews};
use parallax::store::Store;
use parallax::store::entity::workspace_member;
use parallax::store::sql::{DatabasePlace, Retention};
use parallax::wake_up::WorkerWaker;
use parallax::worker_lock::WorkerLock;
use providers::simulator::{Simulator, SimulatorOptions};
use providers::{ClientOptions, HttpProvider, Providers};
use runtime::clock::{Clock, SystemClock};
use runtime::supervision::JobReporter;
use sea_orm::sqlx::Postgres;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, QueryResult, Statement,
};
use serde_json::json;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Caller, PASSWORD};
use crate::copies::{copy_postgres, copy_sqlite};

/// Far more than judges of a test take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Of which all but one are taken away: each is a process of the server, and takes its time.
const CONNECTIONS: Option<NonZeroU32> = NonZeroU32::new(3);

/// What a host is made with.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// How long the simulator takes for an answer.
    pub(crate) latency: Duration,
    /// Requests a minute of a user's programs; as many as a test likes, where it does not say.
    pub(crate) requests_per_minute: u32,
    /// Whether people are shown the document of REST.
    pub(crate) shows_docs: bool,
    /// What the operator set.
    pub(crate) environment: &'static [(&'static str, &'static str)],
    /// Whether the first account takes the set-up code.
    pub(crate) asks_set_up_code: bool,
    /// Whether mails leave; a test takes them from the store.
    pub(crate) sends_mail: bool,
    /// How much workspaces may keep, and how long.
    pub(crate) retention: Retention,
}

impl Setup {
    /// What most tests take.
    pub(crate) const DEFAULT: Self = Self {
        latency: Duration::ZERO,
        requests_per_minute: 100_000,
        shows_docs: true,
        environment: &[],
        asks_set_up_code: false,
        sends_mail: false,
        retention: Retention::UNLIMITED,
    };
}

impl Default for Setup {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The real time, moved on by hand.
#[derive(Clone, Default)]
struct MovedClock {
    seconds: Arc<AtomicI64>,
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + chrono::Duration::seconds(self.seconds.load(Ordering::SeqCst));
        DateTime::from_timestamp_micros(now.timestamp_micros()).expect("a time")
    }
}

/// A host: router, engine, database.
pub(crate) struct TestApp {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    clock: MovedClock,
    engine: EngineHandle,
    judging: Judging,
    shutdown: CancellationToken,
    /// On PostgreSQL all connections but one.
    taken: Vec<PoolConnection<Postgres>>,
    _folder: TempDir,
}

fn postgres(url: &str) -> DatabasePlace {
    let place = DatabasePlace::parse(url).expect("an address");
    place.with_connections(CONNECTIONS)
}

async fn make_tables_of_file(file: &Path) {
    make_tables(DatabasePlace::file(file)).await;
}

async fn make_tables_of_server(url: &str) {
    make_tables(postgres(url)).await;
}

/// Makes the tables of the database that those of the tests are copies of.
async fn make_tables(place: DatabasePlace) {
    let store = Store::connect(&place, Arc::new(SystemClock)).await;
    let store = store.expect("the database opens");
    store.migrate().await.expect("the tables are made");
    assert!(store.clear_old_pages().await, "the log is written back");
    store.close().await.expect("closed");
}

/// Takes all connections but one, so that a request that asks for a second while it holds one
/// waits for ever: under load, as many as there are connections would.
async fn leave_one_connection(store: &Store) -> Vec<PoolConnection<Postgres>> {
    let Some(pool) = store.postgres_pool() else {
        return Vec::new();
    };
    let mut taken = Vec::new();
    for _ in 1..pool.options().get_max_connections() {
        taken.push(pool.acquire().await.expect("a connection"));
    }
    taken
}

impl TestApp {
    async fn start(url: Option<String>, setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = if let Some(url) = url {
            postgres(&url)
        } else {
            let file = folder.path().join("test.db");
            copy_sqlite(&file, make_tables_of_file).await;
            DatabasePlace::file(&file)
        };
        let clock = MovedClock::default();
        let store = Store::connect(&place, Arc::new(clock.clone()))
            .await
            .expect("the database opens")
            .with_retention(setup.retention);
        store.seed_registry().await.expect("the registry is filled");
        let config = Config::read(&Source::of(setup.environment)).expect("settings");
        let source = config.secrets.master_key;
        let keys = HostKeyRing::open(
            store.clone(),
            source,
            folder.path().to_owned(),
            config.providers,
        )
        .await
        .expect("a vault");
        let simulator = Simulator::new(SimulatorOptions {
            latency: setup.latency,
            ..SimulatorOptions::default()
        });
        let http = HttpProvider::new(ClientOptions::default()).expect("a client");
        let providers = Arc::new(Providers { http, simulator });
        let shutdown = CancellationToken::new();
        let parts = Parts {
            lanes: Arc::new(store.clone()),
            keys: Arc::new(keys.clone()),
            provider: providers.clone(),
            clock: store.clock().clone(),
            local_workers: Arc::new(WorkerLock::hold(folder.path()).expect("a data folder")),
        };
        let waker = WorkerWaker::open(&store);
        let options = Options::default();
        let engine = Engine::spawn_woken_by(waker.local(), parts, options, shutdown.clone());
        let tokens = Tokens::new("a key for the tokens of this test".into());
        let judging = Judging {
            store: store.clone(),
            keys: Arc::new(keys.clone()),
            calls: engine.calls(),
        };
        let set_up = if setup.asks_set_up_code {
            SetUp::with_code(tokens.clone())
        } else {
            SetUp::without_code()
        };
        let host = Host {
            store: store.clone(),
            passwords: Passwords::new().expect("a decoy"),
            tokens: tokens.clone(),
            set_up,
            sends_mail: setup.sends_mail,
            keys,
            providers,
            calls: engine.calls(),
            waker,
            closing: shutdown.clone(),
            dashboards: Dashboards::new(8),
            overviews: Overviews::new(8),
            charts: Charts::new(8),
            discoveries: Discoveries::new(8),
        };
        let limit = NonZeroU32::new(setup.requests_per_minute).expect("a limit");
        let taken = leave_one_connection(&store).await;
        Self {
            tokens,
            router: router(
                HttpState::new(host, limit, Some(super::CRON_TOKEN.into()))
                    .with_docs(setup.shows_docs)
                    .reached_as(&config.http),
            ),
            store,
            clock,
            engine,
            judging,
            shutdown,
            taken,
            _folder: folder,
        }
    }

    /// Ends the host. Work that is left over is a mistake of the test or of the engine.
    async fn stop(self, panicked: bool) {
        if !panicked {
            assert_eq!(
                self.number("SELECT COUNT(*) FROM llm_monitoring_lanes WHERE status <> 'done'")
                    .await,
                0
            );
        }
        self.shutdown.cancel();
        self.engine.join().await;
        drop(self.router);
        drop(self.taken);
        self.store.close().await.expect("closed");
    }

    /// Moves the host's clock on.
    pub(crate) fn pass(&self, time: chrono::Duration) {
        self.clock
            .seconds
            .fetch_add(time.num_seconds(), Ordering::SeqCst);
    }

    /// What the host's clock says.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets judges read whatever waits for them.
    pub(crate) async fn judge(&self) {
        let waiting = "SELECT COUNT(*) FROM llm_monitoring_judge_passes \
            WHERE status IN ('queued', 'running')";
        let reporter = JobReporter::new("judge", PATIENCE, self.store.clock().clone());
        let stop = CancellationToken::new();
        let working =
            judge_worker::work(self.judging.clone(), "judge".into(), reporter, stop.clone());
        let working = tokio::spawn(working);
        let over = async {
            while self.number(waiting).await > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, over).await;
        stop.cancel();
        working.await.expect("it stops");
        in_time.expect("the passes end");
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// The number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let reader = self.store.reader();
        let statement = Statement::from_string(reader.get_database_backend(), sql);
        let row = reader
            .query_one_raw(statement)
            .await
            .expect(sql)
            .expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// The texts that a query gives.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let reader = self.store.reader();
        let statement = Statement::from_string(reader.get_database_backend(), sql);
        let rows = reader.query_all_raw(statement).await.expect(sql);
        let text = |row: &QueryResult| row.try_get_by_index(0).expect("a text");
        rows.iter().map(text).collect()
    }

    /// Whether it runs on SQLite.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.store.reader().get_database_backend() == DbBackend::Sqlite
    }

    /// Changes rows behind the host's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let tx = self.store.begin_write().await.expect("a transaction");
        tx.execute_unprepared(sql).await.expect(sql);
        tx.commit().await.expect("committed");
    }

    /// Somebody who is not signed in.
    pub(crate) fn nobody(&self) -> Caller<'_> {
        Caller::new(self)
    }

    /// A new account at the screen; the first one of a host is its admin.
    pub(crate) async fn sign_up(&self, email: &str) -> Caller<'_> {
        let draft = json!({"draft": {"email": email, "password": PASSWORD, "invitation": null}});
        let reply = self.nobody().call("accounts/sign-up", &draft).await;
        self.nobody().with("cookie", &reply.session_cookie())
    }

    /// The first account, after which anybody may sign up.
    pub(crate) async fn admin(&self) -> Caller<'_> {
        let admin = self.sign_up("admin@example.com").await;
        admin
            .call(
                "accounts/save-settings",
                &json!({"settings": {"open_sign_up": true}}),
            )
            .await
            .expect(200);
        admin
    }

    /// An account that acts in the workspace of somebody else.
    pub(crate) async fn member(&self, email: &str, workspace: i64, role: Role) -> Caller<'_> {
        let member = self.sign_up(email).await;
        let user = self
            .store
            .user_by_email(email)
            .await
            .expect("asked")
            .expect("an account")
            .view
            .id;
        self.join(user, workspace.into(), role).await;
        member
            .call(
                "accounts/choose-workspace",
                &json!({"workspace_id": workspace}),
            )
            .await
            .expect(200);
        member
    }

    async fn join(&self, user: UserId, workspace: WorkspaceId, role: Role) {
        let tx = self.store.begin_write().await.expect("a transaction");
        workspace_member::ActiveModel {
            workspace_id: Set(workspace.0),
            user_id: Set(user.0),
            role: Set(role.word().to_owned()),
        }
        .insert(&tx)
        .await
        .expect("a member");
        tx.commit().await.expect("committed");
    }
}

/// Tests flows on each database: `on_both_databases!(a, b)` runs `async fn a(app: &TestApp)` as
/// `a::on_sqlite` and `a::on_postgres`, and `b` likewise.
macro_rules! on_both_databases {
    ($($flow:ident),+ $(,)?) => {$(
        mod $flow {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let setup = $crate::support::Setup::default();
                $crate::support::with_sqlite(setup, async |app| super::$flow(app).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let setup = $crate::support::Setup::default();
                $crate::support::with_postgres(setup, async |app| super::$flow(app).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

/// Runs a test on SQLite, in a file.
pub(crate) async fn with_sqlite(setup: Setup, body: impl AsyncFnOnce(&TestApp)) {
    run(TestApp::start(None, setup).await, body).await;
}

/// Runs a test on PostgreSQL, in a database of its own beside `DATABASE_URL_TEST`.
pub(crate) async fn with_postgres(setup: Setup, body: impl AsyncFnOnce(&TestApp)) {
    let scratch = copy_postgres("http", make_tables_of_server).await;
    let app = TestApp::start(Some(scratch.url.clone()), setup).await;
    let outcome = AssertUnwindSafe(run(app, body)).catch_unwind().await;
    scratch.end().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

async fn run(app: TestApp, body: impl AsyncFnOnce(&TestApp)) {
    let outcome = AssertUnwindSafe(body(&app)).catch_unwind().await;
    app.stop(outcome.is_err()).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}
