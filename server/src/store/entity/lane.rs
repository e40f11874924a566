//! The asks of a run that go to one model; the unit that a worker takes.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_lanes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub project_id: i64,
    pub run_id: i64,
    pub model_id: i64,
    #[sea_orm(column_type = "Text")]
    pub provider: String,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub worker: Option<String>,
    pub lease_until: Option<DateTimeUtc>,
    pub epoch: i64,
    pub reserved_nano_usd: i64,
    pub asks_total: i64,
    pub asks_running: i64,
    pub asks_answered: i64,
    pub asks_without_text: i64,
    pub asks_failed: i64,
    pub asks_dropped: i64,
    pub cost_nano_usd: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub end_reason: Option<String>,
    pub on_shared_key: bool,
    pub started_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
