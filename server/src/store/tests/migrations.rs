//! Databases of older versions, brought up to date with rows in them.

use crate::store::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, with_old_tables,
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

/// Entries as the version before booked them: one an ask, and their sum of a day.
async fn book_as_before(database: &TestDatabase, project: &TestProject) {
    project.plan(database).await;
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
             amount_nano_usd, entries) VALUES ({workspace}, '2026-03-10', {project_id}, {model}, 5, 1) \
             ON CONFLICT (workspace_id, day, COALESCE(project_id, 0), model_id) DO UPDATE SET \
             entries = llm_spend_days.entries + excluded.entries"
        );
        let count = format!(
            "SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) FROM llm_spend_days \
            WHERE {of} AND model_id = {model}"
        );
        let rows = format!("SELECT COUNT(*) FROM llm_spend_days WHERE {of} AND model_id = {model}");
        let before = database.number(&count).await;
        database.execute(&add).await;
        database.execute(&add).await;
        assert_eq!(database.number(&count).await, before + 2);
        assert_eq!(database.number(&rows).await, 1);
    }
    // Foreign keys still hold.
    let txn = database.store.begin_write().await.expect("a transaction");
    let nobody = "UPDATE llm_spend_ledger SET project_id = 999999 WHERE kind = 'suggest'";
    assert!(rows::execute(&txn, nobody, []).await.is_err());
    txn.rollback().await.expect("rolled back");
    for (table, name) in [
        (
            "llm_spend_ledger",
            "ix_llm_spend_ledger_workspace_id_booked_at_amount_nano_usd",
        ),
        ("llm_spend_ledger", "ix_llm_spend_ledger_run_id"),
        ("llm_spend_days", "uq_llm_spend_days"),
    ] {
        assert!(has_index(database, table, name).await, "{name}");
    }
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
