//! Databases of older versions, brought up to date with rows in them.

use std::collections::{BTreeMap, BTreeSet};

use app::model::provider::Provider;

use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, with_old_tables, with_postgres,
};

/// Migrations before costs could stand without a run.
const BEFORE_SUGGESTIONS: u32 = 5;

const LEDGER: &str = "SELECT CAST(id AS TEXT) || '|' || workspace_id || '|' || project_id || '|' || \
    run_id || '|' || ask_id || '|' || model_id || '|' || kind || '|' || cost_kind || '|' || \
    amount_nano_usd || '|' || CAST(booked_at AS TEXT) FROM llm_spend_ledger ORDER BY id";
const DAYS: &str = "SELECT CAST(workspace_id AS TEXT) || '|' || CAST(day AS TEXT) || '|' || \
    project_id || '|' || model_id || '|' || amount_nano_usd || '|' || entries \
    FROM llm_spend_days ORDER BY workspace_id, day, project_id, model_id";

async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let found = rows::all(database.store.reader(), sql, [])
        .await
        .expect(sql);
    let text = |row: &sea_orm::QueryResult| row.try_get_by_index(0).expect("a text");
    found.iter().map(text).collect()
}

/// A run as versions before planned it, in the columns that tables have always had: a lane a
/// model, an ask a prompt.
pub(super) async fn plan_as_before(database: &TestDatabase, project: &TestProject) {
    let (workspace, project) = (project.workspace.0, project.project.0);
    for sql in [
        format!(
            "INSERT INTO llm_monitoring_analysis_runs \
             (workspace_id, project_id, \"trigger\", status, created_at) \
             VALUES ({workspace}, {project}, 'manual', 'queued', '2026-03-10 12:00:00+00:00')"
        ),
        "INSERT INTO llm_monitoring_lanes (workspace_id, project_id, run_id, model_id, provider, \
         status, epoch, asks_total, asks_running, asks_answered, asks_failed, asks_dropped, \
         cost_nano_usd) SELECT r.workspace_id, r.project_id, r.id, m.id, m.provider, 'done', 0, 3, \
         0, 3, 0, 0, 0 FROM llm_monitoring_analysis_runs r \
         JOIN llm_monitoring_project_models p ON p.project_id = r.project_id \
         JOIN llm_model_registry m ON m.id = p.model_id ORDER BY m.id"
            .to_owned(),
        "INSERT INTO llm_monitoring_asks (workspace_id, run_id, lane_id, query_id, repeat, state) \
         SELECT l.workspace_id, l.run_id, l.id, q.id, 1, 'answered' FROM llm_monitoring_lanes l \
         JOIN llm_monitoring_queries q ON q.project_id = l.project_id ORDER BY l.id, q.id"
            .to_owned(),
    ] {
        database.execute(&sql).await;
    }
}

/// Entries as the version before booked them: one an ask, and their sum of a day.
async fn book_as_before(database: &TestDatabase, project: &TestProject) {
    plan_as_before(database, project).await;
    database
        .execute(
            "INSERT INTO llm_spend_ledger (workspace_id, project_id, run_id, ask_id, model_id, \
             kind, cost_kind, amount_nano_usd, booked_at) \
             SELECT l.workspace_id, l.project_id, l.run_id, a.id, l.model_id, 'answer', \
             'computed', 1000 + a.id, l.created_at FROM llm_monitoring_asks a \
             JOIN (SELECT n.*, r.created_at FROM llm_monitoring_lanes n \
                 JOIN llm_monitoring_analysis_runs r ON r.id = n.run_id) l ON l.id = a.lane_id",
        )
        .await;
    database
        .execute(
            "INSERT INTO llm_spend_days (workspace_id, day, project_id, model_id, \
             amount_nano_usd, entries) \
             SELECT workspace_id, '2026-03-10', project_id, model_id, SUM(amount_nano_usd), COUNT(*) \
             FROM llm_spend_ledger GROUP BY workspace_id, project_id, model_id",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_keeps_its_rows_and_takes_costs_without_a_run() {
    with_old_tables(BEFORE_SUGGESTIONS, async |database| {
        let project = make_project(database, &ProjectPlan::default()).await;
        book_as_before(database, &project).await;
        let (ledger, days) = (texts(database, LEDGER).await, texts(database, DAYS).await);
        assert_eq!((ledger.len(), days.len()), (6, 2));

        database.store.migrate().await.expect("migrated");
        assert_eq!(texts(database, LEDGER).await, ledger);
        assert_eq!(texts(database, DAYS).await, days);
        database.store.migrate().await.expect("nothing left to do");

        takes_costs_without_a_run(database, &project).await;
    })
    .await;
}

async fn takes_costs_without_a_run(database: &TestDatabase, project: &TestProject) {
    let (workspace, model) = (project.workspace.0, project.models[0].0);
    let newest = database
        .number("SELECT MAX(id) FROM llm_spend_ledger")
        .await;
    database
        .execute(&format!(
            "INSERT INTO llm_spend_ledger (workspace_id, project_id, run_id, ask_id, model_id, \
             kind, cost_kind, amount_nano_usd, booked_at) \
             VALUES ({workspace}, NULL, NULL, NULL, {model}, 'suggest', 'computed', 5, \
             '2026-03-10 12:00:00+00:00')"
        ))
        .await;
    let added = "SELECT id FROM llm_spend_ledger WHERE kind = 'suggest'";
    assert_eq!(database.number(added).await, newest + 1, "ids go on");
    // One row a day, with a project and without one.
    let per_project = format!("project_id = {}", project.project.0);
    for (project_id, of) in [
        (project.project.0.to_string(), per_project.as_str()),
        ("NULL".to_owned(), "project_id IS NULL"),
    ] {
        let add = format!(
            "INSERT INTO llm_spend_days (workspace_id, day, project_id, model_id, \
             kind, amount_nano_usd, entries) \
             VALUES ({workspace}, '2026-03-10', {project_id}, {model}, 'suggest', 5, 1) \
             ON CONFLICT (workspace_id, day, COALESCE(project_id, 0), model_id, kind) DO UPDATE SET \
             entries = llm_spend_days.entries + excluded.entries"
        );
        let count = format!(
            "SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) FROM llm_spend_days \
            WHERE {of} AND model_id = {model}"
        );
        let rows = format!(
            "SELECT COUNT(*) FROM llm_spend_days WHERE {of} AND model_id = {model} AND kind = 'suggest'"
        );
        let before = database.number(&count).await;
        database.execute(&add).await;
        database.execute(&add).await;
        assert_eq!(database.number(&count).await, before + 2);
        assert_eq!(database.number(&rows).await, 1);
    }
    // Foreign keys still hold.
    let tx = database.store.begin_write().await.expect("a transaction");
    let nobody = "UPDATE llm_spend_ledger SET project_id = 999999 WHERE kind = 'suggest'";
    assert!(rows::execute(&tx, nobody, []).await.is_err());
    tx.rollback().await.expect("rolled back");
    for (table, name) in [
        ("llm_spend_ledger", "ix_llm_spend_ledger_of_answers"),
        ("llm_spend_ledger", "ix_llm_spend_ledger_run_id"),
        ("llm_spend_days", "uq_llm_spend_days"),
    ] {
        assert!(has_index(database, table, name).await, "{name}");
    }
}

/// Migrations before the ledger said what its rows were paid for.
const BEFORE_ONE_TRUTH: u32 = 13;

/// Answers of the day before as the version before wrote and booked them: after midnight.
async fn answer_as_before(database: &TestDatabase) {
    database
        .execute(
            "INSERT INTO llm_monitoring_results (workspace_id, project_id, run_id, lane_id, ask_id, \
             query_id, model_id, llm_provider, model_requested, analysis_date, analysis_day, outcome, \
             full_response, citations, search_requested, cost_nano_usd, cost_kind, response_time_ms, \
             simulated, detector_version) \
             SELECT a.workspace_id, l.project_id, a.run_id, l.id, a.id, a.query_id, l.model_id, \
             l.provider, 'm', '2026-03-09 23:59:59+00:00', '2026-03-09', \
             CASE WHEN q.position = 1 THEN 'blocked' ELSE 'answered' END, 'Kipu', '[]', TRUE, \
             CASE WHEN q.position = 2 THEN 0 ELSE 1000 + a.id END, \
             CASE WHEN q.position = 0 THEN 'computed' ELSE 'unpriced' END, 5, \
             l.provider = 'simulator', '1' FROM llm_monitoring_asks a \
             JOIN llm_monitoring_lanes l ON l.id = a.lane_id \
             JOIN llm_monitoring_queries q ON q.id = a.query_id",
        )
        .await;
    database
        .execute(
            "INSERT INTO llm_spend_ledger (workspace_id, project_id, run_id, ask_id, model_id, \
             kind, cost_kind, amount_nano_usd, booked_at) \
             SELECT workspace_id, project_id, run_id, ask_id, model_id, 'answer', cost_kind, \
             cost_nano_usd, '2026-03-10 00:00:01+00:00' FROM llm_monitoring_results",
        )
        .await;
    database
        .execute(
            "INSERT INTO llm_spend_days (workspace_id, day, project_id, model_id, \
             amount_nano_usd, entries) \
             SELECT workspace_id, '2026-03-10', project_id, model_id, SUM(amount_nano_usd), COUNT(*) \
             FROM llm_spend_ledger GROUP BY workspace_id, project_id, model_id",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_costs_get_the_days_and_kinds_of_their_answers() {
    with_old_tables(BEFORE_ONE_TRUTH, async |database| {
        let models = vec![
            (Provider::OpenAi, "model-a", true),
            (Provider::Simulator, "sim", true),
        ];
        let plan = ProjectPlan {
            models,
            ..ProjectPlan::default()
        };
        let project = make_project(database, &plan).await;
        plan_as_before(database, &project).await;
        answer_as_before(database).await;
        database.store.migrate().await.expect("migrated");

        let model = project.models[0].0;
        let entries = "SELECT kind || '|' || cost_kind || '|' || CAST(day AS TEXT) || '|' || \
            asked_model_id || '|' || (SELECT position FROM llm_monitoring_queries q \
            WHERE q.id = query_id) FROM llm_spend_ledger ORDER BY id";
        assert_eq!(
            texts(database, entries).await,
            [
                format!("answer|computed|2026-03-09|{model}|0"),
                format!("filtered|at_least|2026-03-09|{model}|1"),
                format!("answer|unpriced|2026-03-09|{model}|2"),
            ],
            "what the simulator cost is gone"
        );
        let days = "SELECT CAST(day AS TEXT) || '|' || kind || '|' || entries || '|' || unpriced \
            FROM llm_spend_days ORDER BY kind";
        assert_eq!(
            texts(database, days).await,
            ["2026-03-09|answer|2|1", "2026-03-09|filtered|1|1"]
        );
        let sum = |table: &str| format!("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM {table}");
        let ledger = database.number(&sum("llm_spend_ledger")).await;
        assert_eq!(database.number(&sum("llm_spend_days")).await, ledger);
        let open = "SELECT unpriced FROM llm_monitoring_lanes ORDER BY id LIMIT 1";
        assert_eq!(database.number(open).await, 2);
        // Sums are made anew, with what the ledger says.
        crate::jobs::reread::work_off(&database.store, "summer")
            .await
            .expect("summed");
        let shown = "SELECT CAST(SUM(cost_nano_usd) AS BIGINT) FROM llm_monitoring_snapshots \
            WHERE prompts = 'all'";
        assert_eq!(database.number(shown).await, ledger);
        // The view says what is at least so much, and what nobody paid.
        let view = "SELECT llm_provider || '|' || cost_nano_usd || '|' || unpriced || '|' || \
            simulated_cost_nano_usd FROM llm_visibility_comparison ORDER BY llm_provider";
        let made_up = "SELECT CAST(SUM(cost_nano_usd) AS BIGINT) FROM llm_monitoring_results \
            WHERE simulated";
        let made_up = database.number(made_up).await;
        assert!(made_up > 0);
        assert_eq!(
            texts(database, view).await,
            [
                format!("openai|{ledger}|2|0"),
                format!("simulator|0|0|{made_up}"),
            ]
        );
    })
    .await;
}

/// What belongs to no answer, as the version before booked it: a suggestion, a correction, and
/// an ask that was lost. It was the evening before where the money is counted.
async fn book_without_answers(database: &TestDatabase, project: &TestProject) {
    let (workspace, model) = (project.workspace.0, project.models[0].0);
    let project = project.project.0;
    for (of_ask, kind, booked_at) in [
        ("NULL", "suggest", "2026-03-10 06:59:59+00:00"),
        ("NULL", "correction", "2026-03-10 07:00:00+00:00"),
        (
            "(SELECT MAX(id) FROM llm_monitoring_asks)",
            "lost",
            "2026-12-02 07:59:59.999999+00:00",
        ),
    ] {
        database
            .execute(&format!(
                "INSERT INTO llm_spend_ledger (workspace_id, project_id, run_id, ask_id, model_id, \
                 kind, cost_kind, amount_nano_usd, booked_at) VALUES ({workspace}, {project}, NULL, \
                 {of_ask}, {model}, '{kind}', 'computed', 5, '{booked_at}')"
            ))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_costs_without_an_answer_get_the_days_of_their_workspace() {
    with_old_tables(BEFORE_ONE_TRUTH, async |database| {
        let plan = ProjectPlan {
            time_zone: "America/Los_Angeles",
            ..ProjectPlan::default()
        };
        let project = make_project(database, &plan).await;
        plan_as_before(database, &project).await;
        book_without_answers(database, &project).await;
        database.store.migrate().await.expect("migrated");
        // Clocks went forward there on 8 March, and back on 1 November.
        let days = ["2026-03-09", "2026-03-10", "2026-12-01"];
        let of_ledger = "SELECT CAST(day AS TEXT) FROM llm_spend_ledger ORDER BY id";
        assert_eq!(texts(database, of_ledger).await, days);
        let of_days = "SELECT CAST(day AS TEXT) FROM llm_spend_days ORDER BY day";
        assert_eq!(texts(database, of_days).await, days);
    })
    .await;
}

async fn has_index(database: &TestDatabase, table: &str, name: &str) -> bool {
    let sql = match database.store.postgres_pool() {
        Some(_) => "SELECT COUNT(*) FROM pg_indexes WHERE tablename = $1 AND indexname = $2",
        None => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND name = $2"
        }
    };
    let row = rows::one(database.store.reader(), sql, [table.into(), name.into()])
        .await
        .expect(sql)
        .expect("a row");
    row.try_get_by_index::<i64>(0).expect("a number") == 1
}

/// Each table with those that its rows point to, and what these point to.
async fn reached(database: &TestDatabase) -> BTreeMap<String, BTreeSet<String>> {
    let sql = "SELECT child.relname::text, parent.relname::text FROM pg_constraint k \
        JOIN pg_class child ON child.oid = k.conrelid \
        JOIN pg_class parent ON parent.oid = k.confrelid WHERE k.contype = 'f'";
    let pointers: Vec<(String, String)> = rows::pairs(database.store.reader(), sql, [])
        .await
        .expect("pointers");
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    loop {
        let mut found = false;
        for (child, parent) in &pointers {
            let mut behind = reached.get(parent).cloned().unwrap_or_default();
            behind.insert(parent.clone());
            let of_child = reached.entry(child.clone()).or_default();
            let before = of_child.len();
            of_child.extend(behind);
            found |= of_child.len() > before;
        }
        if !found {
            return reached;
        }
    }
}

/// What a row pointed to by a key of its own it still points to by what another key leads to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_still_hold_all_that_they_are_of() {
    with_postgres(async |database| {
        let held = reached(database).await;
        for (table, parents) in [
            (
                "llm_monitoring_results",
                &[
                    "workspaces",
                    "llm_monitoring_projects",
                    "llm_monitoring_analysis_runs",
                    "llm_monitoring_lanes",
                    "llm_monitoring_asks",
                    "llm_monitoring_queries",
                    "llm_model_registry",
                ][..],
            ),
            (
                "llm_monitoring_findings",
                &[
                    "workspaces",
                    "llm_monitoring_projects",
                    "llm_monitoring_results",
                    "llm_monitoring_entities",
                ][..],
            ),
            (
                "llm_monitoring_attempts",
                &["workspaces", "llm_monitoring_asks"][..],
            ),
            ("llm_monitoring_rollups", SUMS_ARE_OF),
            ("llm_monitoring_entity_rollups", SUMS_ARE_OF),
            ("llm_monitoring_week_rollups", SUMS_ARE_OF),
            ("llm_monitoring_week_entity_rollups", SUMS_ARE_OF),
        ] {
            let of_table = held.get(table).expect(table);
            for parent in parents {
                assert!(of_table.contains(*parent), "{table}: {parent}");
            }
        }
        let checked = "SELECT COUNT(*) FROM pg_constraint \
            WHERE contype = 'f' AND conrelid = 'llm_monitoring_results'::regclass";
        assert_eq!(database.number(checked).await, 1);
    })
    .await;
}

const SUMS_ARE_OF: &[&str] = &[
    "workspaces",
    "llm_monitoring_revisions",
    "llm_model_registry",
    "llm_monitoring_queries",
];
