//! HTTP exchanges of an ask.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_attempts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub ask_id: i64,
    pub number: i64,
    pub sent_at: DateTimeUtc,
    pub http_status: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub error_class: Option<String>,
    pub latency_ms: i64,
    pub cost_nano_usd: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
