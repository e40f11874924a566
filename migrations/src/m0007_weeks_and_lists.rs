//! What makes long periods and long lists fast: sums of whole weeks, and indexes that hold all
//! that is looked for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{count, day, flag, points_to, reference, run};

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
        manager.create_table(week_table()).await?;
        manager.create_table(entity_week_table()).await?;
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

/// The sums of the days, as they were called when this was written.
const ANSWER_SUMS: &[&str] = &[
    "answers",
    "failed",
    "simulated",
    "informative",
    "cost_nano_usd",
    "latency_ms_sum",
    "tokens",
    "mentions",
    "text_mentions",
    "link_mentions",
    "brand_weight_tenths",
    "competitor_mentions",
    "competitor_weight_tenths",
    "rank_sum",
    "rank_count",
    "top3",
    "top5",
    "top10",
    "rank_square_sum",
    "weight_square_hundredths",
    "prominence_parts",
];
const MENTION_SUMS: &[&str] = &[
    "mentions",
    "text_mentions",
    "weight_tenths",
    "rank_sum",
    "rank_count",
];
const TONE_SUMS: &[&str] = &[
    "tone_positive",
    "tone_neutral",
    "tone_negative",
    "tone_thousandths",
    "tone_recommended",
    "tone_advised_against",
    "judge_positive",
    "judge_neutral",
    "judge_negative",
    "judge_thousandths",
    "judge_recommended",
    "judge_advised_against",
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
fn table(
    name: &'static str,
    keys: &[&'static str],
    sums: &[&'static str],
    key: [&'static str; 4],
) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(Alias::new(name))
        .col(day("week").not_null())
        .col(flag("is_branded").not_null());
    for column in keys {
        table.col(reference(column));
    }
    for sum in sums.iter().chain(TONE_SUMS) {
        table.col(count(sum).not_null());
    }
    points_to(&mut table, name, "revision_id", "llm_monitoring_revisions");
    points_to(&mut table, name, "model_id", "llm_model_registry");
    points_to(&mut table, name, "query_id", "llm_monitoring_queries");
    points_to(&mut table, name, "workspace_id", "workspaces");
    let mut primary = Index::create();
    for column in key {
        primary.col(Alias::new(column));
    }
    if keys.contains(&"entity_id") {
        points_to(&mut table, name, "entity_id", "llm_monitoring_entities");
        primary.col(Alias::new("entity_id"));
    }
    table.primary_key(&mut primary);
    table
}

const KEY: [&str; 4] = ["revision_id", "week", "model_id", "query_id"];

/// Sums of one prompt, model and week.
fn week_table() -> TableCreateStatement {
    table(WEEKS, KEYS, ANSWER_SUMS, KEY)
}

/// Sums of one prompt, model, week and entity.
fn entity_week_table() -> TableCreateStatement {
    table(ENTITY_WEEKS, ENTITY_KEYS, MENTION_SUMS, KEY)
}
