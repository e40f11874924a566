//! Questions. Removed ones stay for their answers.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_queries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub project_id: i64,
    #[sea_orm(column_type = "Text")]
    pub query_text: String,
    #[sea_orm(column_type = "Text")]
    pub query_key: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    #[sea_orm(column_type = "Text")]
    pub query_type: String,
    #[sea_orm(column_type = "Text")]
    pub tags: String,
    pub position: i64,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
