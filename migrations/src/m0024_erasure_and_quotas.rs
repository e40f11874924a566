//! Deleted projects that are erased after a while, and how much each project stores.

use sea_orm_migration::prelude::*;

use crate::columns::{add_columns, count, run, time};

/// Adds columns and an index.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            // From here on it cannot be restored.
            time("erase_begun_at").null().take(),
            time("erased_at").null().take(),
            // Of its answers: texts, citations, raw bodies.
            count("stored_bytes").not_null().default(0).take(),
        ];
        add_columns(manager, "llm_monitoring_projects", columns).await?;
        run(manager, &[STORED, JUDGED_ANSWERS]).await
    }
}

/// Both databases know a value's length without reading it.
const STORED: &str = "UPDATE llm_monitoring_projects SET stored_bytes = \
    COALESCE((SELECT CAST(SUM(OCTET_LENGTH(r.full_response) + OCTET_LENGTH(r.citations) \
    + COALESCE(OCTET_LENGTH(r.raw_body), 0)) AS BIGINT) FROM llm_monitoring_results r \
    WHERE r.project_id = llm_monitoring_projects.id), 0)";

/// Who deletes an answer is asked whether a judge has it on a list.
const JUDGED_ANSWERS: &str = "CREATE INDEX ix_judge_answers_of_answers \
    ON llm_monitoring_judge_answers (result_id)";
