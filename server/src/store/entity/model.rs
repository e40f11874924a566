//! Models that can be asked.

use sea_orm::entity::prelude::*;

/// A row.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a model"
)]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_model_registry")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub provider: String,
    #[sea_orm(column_type = "Text")]
    pub model_id: String,
    #[sea_orm(column_type = "Text")]
    pub model_display_name: String,
    pub web_search: bool,
    pub is_current: bool,
    pub is_available: bool,
    pub max_tokens: i64,
    pub max_in_flight: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub review: String,
    pub first_seen_at: Option<DateTimeUtc>,
    pub last_seen_at: Option<DateTimeUtc>,
    pub retires_at: Option<DateTimeUtc>,
    pub is_overdue: bool,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
