//! What makes long periods and long lists fast: sums of whole weeks, and indexes that hold all
//! that is looked for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{day, flag, keyed, points_to, reference, run};
use crate::m0003_revisions_and_rollups::{ANSWER_SUMS, MENTION_SUMS, TONE_SUMS, sums};

/// Adds the tables and fills them from the sums of days that are there.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const WEEKS: &str = "llm_monitoring_week_rollups";
const ENTITY_WEEKS: &str = "llm_monitoring_week_entity_rollups";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            week_table(WEEKS, KEYS, ANSWER_SUMS, KEY),
            week_table(ENTITY_WEEKS, ENTITY_KEYS, MENTION_SUMS, ENTITY_KEY),
        ] {
            manager.create_table(table).await?;
        }
        let monday = match manager.get_database_backend() {
            DbBackend::Sqlite => "date(r.day, 'weekday 0', '-6 days')",
            _ => "CAST(date_trunc('week', r.day) AS DATE)",
        };
        for (table, days, keys, sums) in [
            (WEEKS, "llm_monitoring_rollups", KEYS, ANSWER_SUMS),
            (
                ENTITY_WEEKS,
                "llm_monitoring_entity_rollups",
                ENTITY_KEYS,
                MENTION_SUMS,
            ),
        ] {
            run(manager, &[fill(table, days, monday, keys, sums)]).await?;
        }
        run(manager, INDEXES).await
    }
}

const INDEXES: &[&str] = &[
    // The table of answers, in its order, with what it is filtered by.
    "CREATE INDEX ix_results_of_days ON llm_monitoring_results \
     (project_id, analysis_day, id, model_id, query_id, error_class)",
    "DROP INDEX ix_llm_monitoring_results_project_id_model_id_analysis_day",
    "CREATE INDEX ix_results_of_models ON llm_monitoring_results \
     (project_id, model_id, analysis_day, id, query_id, error_class)",
    "DROP INDEX ix_llm_monitoring_findings_entity_id_result_id",
    "CREATE INDEX ix_findings_of_entities ON llm_monitoring_findings \
     (entity_id, revision_id, result_id)",
    // Sources of a long period, counted in the order that they are grouped in.
    "CREATE INDEX ix_citations_of_pages ON llm_monitoring_citations \
     (project_id, page_id, query_id, is_cited, leads, analysis_day, model_id, result_id)",
];

/// What a row of a week is of, beside its week.
const KEYS: &[&str] = &["revision_id", "model_id", "query_id", "workspace_id"];
const ENTITY_KEYS: &[&str] = &[
    "revision_id",
    "model_id",
    "query_id",
    "entity_id",
    "workspace_id",
];

fn fill(table: &str, days: &str, monday: &str, keys: &[&str], sums: &[&str]) -> String {
    let names: Vec<&str> = sums.iter().chain(TONE_SUMS).copied().collect();
    let sums: Vec<String> = names
        .iter()
        .map(|name| format!("CAST(SUM(r.{name}) AS BIGINT)"))
        .collect();
    let of_days: Vec<String> = keys.iter().map(|key| format!("r.{key}")).collect();
    format!(
        "INSERT INTO {table} ({keys}, is_branded, week, {names}) \
         SELECT {of_days}, r.is_branded, {monday}, {sums} FROM {days} r \
         GROUP BY {of_days}, r.is_branded, {monday}",
        keys = keys.join(", "),
        names = names.join(", "),
        of_days = of_days.join(", "),
        sums = sums.join(", "),
    )
}

/// A table of sums by week, which begins on Monday.
fn week_table(
    name: &'static str,
    of: &[&'static str],
    names: &[&'static str],
    key: &[&'static str],
) -> TableCreateStatement {
    let mut columns = vec![
        day("week").not_null().take(),
        flag("is_branded").not_null().take(),
    ];
    columns.extend(of.iter().map(|column| reference(column)));
    columns.extend(sums(names));
    let mut table = keyed(name, columns, key);
    for column in of {
        let to = match *column {
            "revision_id" => "llm_monitoring_revisions",
            "model_id" => "llm_model_registry",
            "query_id" => "llm_monitoring_queries",
            "entity_id" => "llm_monitoring_entities",
            _ => "workspaces",
        };
        points_to(&mut table, name, column, to);
    }
    table
}

const KEY: &[&str] = &["revision_id", "week", "model_id", "query_id"];
const ENTITY_KEY: &[&str] = &["revision_id", "week", "model_id", "query_id", "entity_id"];
