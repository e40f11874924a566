//! Fewer entries in indexes for each answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::run;

/// Drops an index, and leaves what nobody looks up out of another.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[NO_STATES, NO_RUNS, OTHER_COSTS_OF_RUNS]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, &[ROOM_FOR_STATES]).await?;
        }
        Ok(())
    }
}

/// An ask changes its state twice, and had to change its place in this index each time. States are
/// asked for when a lane is claimed or stopped: its asks are found by the unique index, which
/// begins with the lane, too.
const NO_STATES: &str = "DROP INDEX ix_llm_monitoring_asks_lane_id_state_id";

/// No index has the state now: with room on its page, a row of another state needs no new entries
/// in any.
const ROOM_FOR_STATES: &str = "ALTER TABLE llm_monitoring_asks SET (fillfactor = 50)";

const NO_RUNS: &str = "DROP INDEX ix_llm_spend_ledger_run_id";

/// What a run paid for its answers is found by their days. Only the few other costs are looked up
/// by their run: attempts that were lost, and judges.
const OTHER_COSTS_OF_RUNS: &str = "CREATE INDEX ix_llm_spend_ledger_run_id ON llm_spend_ledger \
    (run_id) WHERE kind <> 'answer'";
