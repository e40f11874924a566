//! The answers to one prompt, and those that failed, found without a look at any other.

use sea_orm_migration::prelude::*;

use crate::columns::run;

/// Adds indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[OF_PROMPTS, OF_FAILURES]).await
    }
}

/// In the order of the table of answers, with what else it is filtered by. Without it PostgreSQL
/// looks up each answer of a period that it has not vacuumed yet, to find one in a hundred.
const OF_PROMPTS: &str = "CREATE INDEX ix_results_of_prompts ON llm_monitoring_results \
    (project_id, query_id, analysis_day, id, model_id, error_class)";

/// A hundredth of the answers or less: the index costs the others nothing. It has what the index
/// of all answers has, else SQLite prefers that one.
const OF_FAILURES: &str = "CREATE INDEX ix_results_of_failures ON llm_monitoring_results \
    (project_id, analysis_day, id, model_id, query_id, error_class) \
    WHERE error_class IS NOT NULL";
