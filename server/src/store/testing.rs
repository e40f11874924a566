//! Databases and rows for tests: one test body, both databases.

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use app::model::ids::{EntityId, ModelId, ProjectId, PromptId, UserId, WorkspaceId};
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::Trigger;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use migrations::{Migrator, MigratorTrait};
use runtime::clock::Clock;
use sea_orm::Value;

use crate::store::Store;
use crate::store::copies::{copy_postgres, copy_sqlite};
use crate::store::projects::revisions::entities_saved;
use crate::store::scratch::Scratch;
use crate::store::sql::place::DatabasePlace;
use crate::store::sql::rows;

/// Makes two tests of one body: `name::on_sqlite` and `name::on_postgres`. The body gets a
/// [`TestDatabase`] with all tables, alone in a database that is dropped afterwards.
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($database:ident: $type:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($database: $type) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                $crate::store::testing::with_sqlite(async |database| body(database).await).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $crate::store::testing::with_postgres(async |database| body(database).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

/// A database of a test's own.
pub(crate) struct TestDatabase {
    /// The database.
    pub(crate) store: Store,
    /// Its clock.
    pub(crate) clock: TestClock,
}

/// A clock that stands still until it is told to move.
#[derive(Clone)]
pub(crate) struct TestClock {
    microseconds: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock at noon of 10 March 2026, UTC.
    fn new() -> Self {
        let noon: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().expect("a time");
        Self {
            microseconds: Arc::new(AtomicI64::new(noon.timestamp_micros())),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).expect("a short time");
        self.microseconds.fetch_add(by, Ordering::SeqCst);
    }

    pub(crate) fn set(&self, to: DateTime<Utc>) {
        self.microseconds
            .store(to.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.microseconds.load(Ordering::SeqCst)).expect("a time")
    }
}

impl TestDatabase {
    /// A database as it is, with or without tables.
    async fn open(place: DatabasePlace) -> Self {
        // `RUST_LOG=parallax=debug,engine=debug` shows what a test did.
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_test_writer();
        // Another test of this process may have set it up already.
        let _ = log.try_init();
        let clock = TestClock::new();
        let store = Store::connect(&place, Arc::new(clock.clone()))
            .await
            .expect("the database opens");
        Self { store, clock }
    }

    /// A database whose tables are as they were after so many migrations.
    async fn open_after(place: DatabasePlace, migrations: u32) -> Self {
        let database = Self::open(place).await;
        if migrations > 0 {
            let made = Migrator::up(&database.store.writer, Some(migrations)).await;
            made.expect("the old tables are made");
        }
        database
    }

    /// The number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let row = rows::one(self.store.reader(), sql, [])
            .await
            .expect(sql)
            .expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// Changes rows behind the back of the store.
    pub(crate) async fn execute(&self, sql: &str) {
        let tx = self.store.begin_write().await.expect("a transaction");
        rows::execute(&tx, sql, []).await.expect(sql);
        tx.commit().await.expect("committed");
    }
}

/// Runs a test body on SQLite, in a file.
pub(crate) async fn with_sqlite(body: impl AsyncFnOnce(&TestDatabase)) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.db");
    copy_sqlite(&file, make_tables_of_file).await;
    let database = TestDatabase::open(DatabasePlace::file(&file)).await;
    run(database, body, async {}).await;
}

/// Runs a test body on PostgreSQL, in a database of its own beside `DATABASE_URL_TEST`.
pub(crate) async fn with_postgres(body: impl AsyncFnOnce(&TestDatabase)) {
    let scratch = copy_postgres("test", make_tables_of_server).await;
    let database = TestDatabase::open(postgres(&scratch.url)).await;
    run(database, body, scratch.end()).await;
}

fn postgres(url: &str) -> DatabasePlace {
    DatabasePlace::parse(url).expect("an address")
}

async fn make_tables_of_file(file: &Path) {
    make_tables(DatabasePlace::file(file)).await;
}

async fn make_tables_of_server(url: &str) {
    make_tables(postgres(url)).await;
}

/// Makes the tables of the database that those of the tests are copies of.
async fn make_tables(place: DatabasePlace) {
    let store = TestDatabase::open(place).await.store;
    store.migrate().await.expect("the tables are made");
    assert!(store.clear_old_pages().await, "the log is written back");
    store.close().await.expect("closed");
}

/// Runs a test body on both databases, each with tables as they were after so many migrations.
pub(crate) async fn with_old_tables(migrations: u32, body: impl AsyncFn(&TestDatabase)) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = DatabasePlace::file(&folder.path().join("test.db"));
    let database = TestDatabase::open_after(place, migrations).await;
    run(database, &body, async {}).await;
    let scratch = Scratch::make("old").await;
    let database = TestDatabase::open_after(postgres(&scratch.url), migrations).await;
    run(database, &body, scratch.end()).await;
}

async fn run(
    database: TestDatabase,
    body: impl AsyncFnOnce(&TestDatabase),
    end: impl Future<Output = ()>,
) {
    let result = caught(body(&database)).await;
    database.store.close().await.expect("closed");
    end.await;
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

async fn caught(body: impl Future<Output = ()>) -> std::thread::Result<()> {
    AssertUnwindSafe(body).catch_unwind().await
}

/// What a test's project looks like.
#[derive(Clone)]
pub(crate) struct ProjectPlan {
    pub(crate) prompts: usize,
    /// Provider, provider's id of the model, whether it has a price.
    pub(crate) models: Vec<(Provider, &'static str, bool)>,
    pub(crate) time_zone: &'static str,
    pub(crate) budget: Money,
}

impl Default for ProjectPlan {
    fn default() -> Self {
        Self {
            prompts: 3,
            models: vec![
                (Provider::OpenAi, "model-a", true),
                (Provider::Anthropic, "model-b", true),
            ],
            time_zone: "UTC",
            budget: Money::from_usd(100),
        }
    }
}

/// The ids of a test's project.
#[derive(Clone)]
pub(crate) struct TestProject {
    pub(crate) workspace: WorkspaceId,
    pub(crate) user: UserId,
    pub(crate) project: ProjectId,
    pub(crate) brand: EntityId,
    pub(crate) competitors: Vec<EntityId>,
    pub(crate) prompts: Vec<PromptId>,
    pub(crate) models: Vec<ModelId>,
}

impl TestProject {
    /// Plans a run of it.
    pub(crate) async fn plan(&self, database: &TestDatabase) -> app::model::ids::RunId {
        database
            .store
            .plan_run(
                self.workspace,
                self.project,
                Trigger::Manual,
                Some(self.user),
            )
            .await
            .expect("a run is planned")
    }
}

/// Makes a workspace with an owner, and in it a project of the brand Kipu with the competitors
/// Acme and Globex. Models that the registry has already are shared.
pub(crate) async fn make_project(database: &TestDatabase, plan: &ProjectPlan) -> TestProject {
    let (workspace, user) = make_workspace(database, plan).await;
    make_project_in(database, plan, (workspace, user), "Watch").await
}

/// Makes several projects in one workspace.
pub(crate) async fn make_projects(
    database: &TestDatabase,
    plan: &ProjectPlan,
    projects: usize,
) -> Vec<TestProject> {
    let at = make_workspace(database, plan).await;
    let mut made = Vec::with_capacity(projects);
    for number in 1..=projects {
        made.push(make_project_in(database, plan, at, &format!("Watch {number}")).await);
    }
    made
}

async fn make_workspace(database: &TestDatabase, plan: &ProjectPlan) -> (i64, i64) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);

    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    let now = database.clock.now();
    let budget = plan.budget.nanos();
    let workspace = insert(
        database,
        "workspaces",
        [
            "name",
            "time_zone",
            "monthly_budget_nano_usd",
            "spending_alert_threshold",
            "created_at",
        ],
        [
            format!("workspace {number}").into(),
            plan.time_zone.into(),
            budget.into(),
            80_i64.into(),
            now.into(),
        ],
    )
    .await;
    let user = insert(
        database,
        "users",
        ["email", "password_hash", "is_admin", "created_at"],
        [
            format!("user{number}@example.com").into(),
            "none".into(),
            false.into(),
            now.into(),
        ],
    )
    .await;
    (workspace, user)
}

async fn make_project_in(
    database: &TestDatabase,
    plan: &ProjectPlan,
    (workspace, user): (i64, i64),
    name: &str,
) -> TestProject {
    let now = database.clock.now();
    let project = insert(
        database,
        "llm_monitoring_projects",
        [
            "workspace_id",
            "name",
            "name_key",
            "brand_name",
            "industry",
            "language",
            "country_code",
            "is_active",
            "created_at",
            "updated_at",
        ],
        [
            workspace.into(),
            name.into(),
            name.to_lowercase().into(),
            "Kipu".into(),
            "soap".into(),
            "en".into(),
            "ES".into(),
            true.into(),
            now.into(),
            now.into(),
        ],
    )
    .await;
    let brand = make_entity(database, workspace, project, "Kipu", 0).await;
    let competitors = vec![
        make_entity(database, workspace, project, "Acme", 1).await,
        make_entity(database, workspace, project, "Globex", 2).await,
    ];
    let tx = database.store.begin_write().await.expect("a transaction");
    entities_saved(&tx, WorkspaceId(workspace), ProjectId(project), now)
        .await
        .expect("a revision");
    tx.commit().await.expect("committed");
    let mut prompts = Vec::new();
    for position in 0..plan.prompts {
        prompts.push(make_prompt(database, workspace, project, position).await);
    }
    let mut models = Vec::new();
    for &(provider, model_id, priced) in &plan.models {
        let model = make_model(database, provider, model_id, priced).await;
        let sql = format!(
            "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
             VALUES ({project}, {model}, {workspace})"
        );
        database.execute(&sql).await;
        models.push(ModelId(model));
    }
    TestProject {
        workspace: WorkspaceId(workspace),
        user: UserId(user),
        project: ProjectId(project),
        brand,
        competitors,
        prompts,
        models,
    }
}

async fn make_entity(
    database: &TestDatabase,
    workspace: i64,
    project: i64,
    name: &str,
    position: i64,
) -> EntityId {
    let domains = format!("[\"{}.example\"]", name.to_lowercase());
    let id = insert(
        database,
        "llm_monitoring_entities",
        [
            "workspace_id",
            "project_id",
            "is_brand",
            "position",
            "name",
            "aliases",
            "domains",
        ],
        [
            workspace.into(),
            project.into(),
            (position == 0).into(),
            position.into(),
            name.into(),
            "[]".into(),
            domains.into(),
        ],
    )
    .await;
    EntityId(id)
}

async fn make_prompt(
    database: &TestDatabase,
    workspace: i64,
    project: i64,
    position: usize,
) -> PromptId {
    let text = format!("Which soap is number {position}?");
    let position = i64::try_from(position).expect("few prompts");
    let id = insert(
        database,
        "llm_monitoring_queries",
        [
            "workspace_id",
            "project_id",
            "query_text",
            "query_key",
            "language",
            "query_type",
            "tags",
            "position",
            "is_active",
            "created_at",
        ],
        [
            workspace.into(),
            project.into(),
            text.clone().into(),
            text.into(),
            "en".into(),
            "general".into(),
            "[]".into(),
            position.into(),
            true.into(),
            database.clock.now().into(),
        ],
    )
    .await;
    PromptId(id)
}

/// The row of a model in the registry, made where there is none. Its price: $1 a million
/// tokens read, $10 a million written, one cent a search.
pub(crate) async fn make_model(
    database: &TestDatabase,
    provider: Provider,
    model_id: &str,
    priced: bool,
) -> i64 {
    let sql = "SELECT id FROM llm_model_registry WHERE provider = $1 AND model_id = $2";
    let values = [provider.slug().into(), model_id.into()];
    if let Some(row) = rows::one(database.store.reader(), sql, values)
        .await
        .expect(sql)
    {
        return row.try_get_by_index(0).expect("an id");
    }
    let now = database.clock.now();
    let model = insert(
        database,
        "llm_model_registry",
        [
            "provider",
            "model_id",
            "model_display_name",
            "web_search",
            "is_current",
            "is_available",
            "max_tokens",
            "created_at",
            "updated_at",
        ],
        [
            provider.slug().into(),
            model_id.into(),
            model_id.to_uppercase().into(),
            true.into(),
            false.into(),
            true.into(),
            2_048_i64.into(),
            now.into(),
            now.into(),
        ],
    )
    .await;
    if priced {
        let starts_at = now - TimeDelta::days(1);
        insert(
            database,
            "llm_model_prices",
            [
                "model_id",
                "input_nano_usd_per_1m",
                "output_nano_usd_per_1m",
                "search_fee_nano_usd",
                "origin",
                "starts_at",
                "created_at",
            ],
            [
                model.into(),
                Money::from_usd(1).nanos().into(),
                Money::from_usd(10).nanos().into(),
                10_000_000_i64.into(),
                "seed".into(),
                starts_at.into(),
                now.into(),
            ],
        )
        .await;
    }
    model
}

async fn insert<const N: usize>(
    database: &TestDatabase,
    table: &str,
    columns: [&str; N],
    values: [Value; N],
) -> i64 {
    let tx = database.store.begin_write().await.expect("a transaction");
    let stored = rows::insert(&tx, table, columns, vec![values], "RETURNING id").await;
    let id = stored.expect(table)[0].try_get_by_index(0).expect("an id");
    tx.commit().await.expect("committed");
    id
}
