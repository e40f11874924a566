//! Drops the foreign keys of PostgreSQL that follow from others of the same row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::run;

/// Drops foreign keys that others imply.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite drops no constraint, and looks such a row up on a page that it has at hand.
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        for (table, columns) in IMPLIED {
            let drops: Vec<String> = columns
                .iter()
                .map(|column| format!("DROP CONSTRAINT fk_{table}_{column}"))
                .collect();
            let sql = format!("ALTER TABLE {table} {}", drops.join(", "));
            run(manager, &[sql]).await?;
        }
        Ok(())
    }
}

/// Tables, and their columns whose foreign key follows from another of the same row. PostgreSQL
/// checks each foreign key of each row by a query and a lock of its own. For an answer with two
/// findings these were 22, which took longer than writing it.
///
/// An answer and an attempt point to their ask, which points to workspace, run, lane and question,
/// the lane to project and model; a finding points to its answer; a sum to its revision, which
/// points to the workspace. No row is deleted while something points to it, so that all of these
/// stay as long as the row does.
const IMPLIED: &[(&str, &[&str])] = &[
    (
        "llm_monitoring_results",
        &[
            "workspace_id",
            "project_id",
            "run_id",
            "lane_id",
            "query_id",
            "model_id",
        ],
    ),
    ("llm_monitoring_findings", &["workspace_id", "project_id"]),
    ("llm_monitoring_attempts", &["workspace_id"]),
    ("llm_monitoring_rollups", &["workspace_id"]),
    ("llm_monitoring_entity_rollups", &["workspace_id"]),
    ("llm_monitoring_week_rollups", &["workspace_id"]),
    ("llm_monitoring_week_entity_rollups", &["workspace_id"]),
];
