//! What the analysis saw in an answer about one entity; entities that an answer does not name have no row.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_findings")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub project_id: i64,
    pub result_id: i64,
    pub entity_id: i64,
    pub is_brand: bool,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub text_count: i64,
    pub rank: Option<i64>,
    pub list_total: Option<i64>,
    pub bullet_order: Option<i64>,
    pub first_offset: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub spans: String,
    pub revision_id: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub sentiment: Option<String>,
    pub sentiment_thousandths: Option<i64>,
    pub recommended: Option<bool>,
    pub prominence_parts: Option<i64>,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
