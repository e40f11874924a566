//! Dated prices, in nano-USD.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_model_prices")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub model_id: i64,
    pub input_nano_usd_per_1m: i64,
    pub output_nano_usd_per_1m: i64,
    pub cached_input_nano_usd_per_1m: Option<i64>,
    pub search_fee_nano_usd: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub origin: String,
    pub starts_at: DateTimeUtc,
    pub created_by: Option<i64>,
    pub created_at: DateTimeUtc,
    pub above_tokens: Option<i64>,
    pub input_above_nano_usd_per_1m: Option<i64>,
    pub output_above_nano_usd_per_1m: Option<i64>,
    pub cached_input_above_nano_usd_per_1m: Option<i64>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
