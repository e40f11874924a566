//! What came back for an ask, or why nothing did.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_results")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub project_id: i64,
    pub run_id: i64,
    pub lane_id: i64,
    pub ask_id: i64,
    pub query_id: i64,
    pub model_id: i64,
    #[sea_orm(column_type = "Text")]
    pub llm_provider: String,
    #[sea_orm(column_type = "Text")]
    pub model_requested: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub model_served: Option<String>,
    pub analysis_date: DateTimeUtc,
    pub analysis_day: Date,
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub error_class: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub error_message: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub finish: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub full_response: String,
    #[sea_orm(column_type = "Text")]
    pub citations: String,
    pub search_requested: bool,
    pub searches: Option<i64>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    pub cached_tokens: Option<i64>,
    pub reasoning_tokens: Option<i64>,
    pub price_id: Option<i64>,
    pub cost_nano_usd: i64,
    #[sea_orm(column_type = "Text")]
    pub cost_kind: String,
    pub response_time_ms: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
    pub simulated: bool,
    #[sea_orm(column_type = "Text")]
    pub detector_version: String,
    pub raw_body: Option<Vec<u8>>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
