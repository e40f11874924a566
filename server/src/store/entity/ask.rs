//! Prompt x model x repeat; each ends in exactly one outcome.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_asks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    pub run_id: i64,
    pub lane_id: i64,
    pub query_id: i64,
    pub repeat: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
