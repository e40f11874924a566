//! What models looked up before they answered: the search queries of each answer.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, keyed, points_to, reference, run, text};

/// Adds the table; answers that are there already are read by the host, a batch at a time.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const QUERIES: &str = "llm_monitoring_search_queries";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(query_table()).await?;
        run(manager, INDEXES).await
    }
}

const INDEXES: &[&str] = &["CREATE INDEX ix_search_queries_of_days ON \
     llm_monitoring_search_queries (project_id, analysis_day, model_id, query_id)"];

/// A query in the model's own words; `query_id` is the question that it was sent for.
fn query_table() -> TableCreateStatement {
    let mut table = keyed(
        QUERIES,
        vec![
            reference("workspace_id"),
            reference("project_id"),
            reference("result_id"),
            count("position").not_null().take(),
            reference("query_id"),
            reference("model_id"),
            day("analysis_day").not_null().take(),
            text("search_query").not_null().take(),
        ],
        &["result_id", "position"],
    );
    points_to(&mut table, QUERIES, "result_id", "llm_monitoring_results");
    table
}
