//! Runs that ask again what failed in another one, and what changed of late, found at once.

use sea_orm_migration::prelude::*;

use crate::columns::{count, run};

/// Adds the column and the indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const RUNS: &str = "llm_monitoring_analysis_runs";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table(Alias::new(RUNS))
            .add_column(count("retry_of").null().take())
            .take();
        manager.alter_table(column).await?;
        run(manager, &[ONE_RETRY, RUNS_OF_LATE, PASSES_OF_LATE]).await
    }
}

/// What failed in a run is asked again once: whoever comes second finds the run that does it. What
/// fails there again is that run's.
const ONE_RETRY: &str = "CREATE UNIQUE INDEX uq_run_retry ON llm_monitoring_analysis_runs \
    (retry_of) WHERE retry_of IS NOT NULL";

/// A look, several times a second, at the runs of a workspace that go on or have just ended.
const RUNS_OF_LATE: &str = "CREATE INDEX ix_runs_of_late ON llm_monitoring_analysis_runs \
    (workspace_id, finished_at)";

/// The same of judges.
const PASSES_OF_LATE: &str = "CREATE INDEX ix_judge_passes_of_late \
    ON llm_monitoring_judge_passes (workspace_id, finished_at)";
