//! Sums of one project, model and day.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_snapshots")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub project_id: i64,
    pub model_id: i64,
    #[sea_orm(column_type = "Text")]
    pub llm_provider: String,
    pub snapshot_date: Date,
    pub answers: i64,
    pub mentions: i64,
    pub text_mentions: i64,
    pub link_mentions: i64,
    pub brand_weight_tenths: i64,
    pub competitor_mentions: i64,
    pub competitor_weight_tenths: i64,
    pub rank_sum: i64,
    pub rank_count: i64,
    pub top3: i64,
    pub top5: i64,
    pub top10: i64,
    pub informative: i64,
    pub failed: i64,
    pub cost_nano_usd: i64,
    pub latency_ms_sum: i64,
    pub tokens: i64,
    pub rank_square_sum: i64,
    pub weight_square_hundredths: i64,
    pub simulated: i64,
    pub updated_at: DateTimeUtc,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
