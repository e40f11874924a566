//! What is read of an answer: as a row of a table, or with its text.
//!
//! Invariant: a column that is not shown is not read. Of texts a row has the beginning; what a
//! provider sent is kept to be read anew, and nobody is shown it.

use std::collections::HashMap;

use app::model::ids::{AnswerId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryResult,
    QuerySelect, QueryTrait, Select,
};

use crate::store::StoreResult;
use crate::store::entity::answer::{self, Column};
use crate::store::sql::rows;

/// Characters of a text that a row has.
const EXCERPT_CHARACTERS: usize = 160;

/// An answer as a row of a table.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct TableColumns {
    pub(super) id: i64,
    pub(super) project_id: i64,
    pub(super) run_id: i64,
    pub(super) query_id: i64,
    pub(super) model_id: i64,
    pub(super) llm_provider: String,
    pub(super) model_requested: String,
    pub(super) analysis_date: DateTime<Utc>,
    pub(super) outcome: String,
    pub(super) error_class: Option<String>,
    pub(super) cost_nano_usd: i64,
    pub(super) cost_kind: String,
    pub(super) response_time_ms: i64,
    pub(super) simulated: bool,
    pub(super) excerpt: String,
}

/// What an answer has besides, when it is read whole.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct TextColumns {
    pub(super) ask_id: i64,
    pub(super) full_response: String,
    pub(super) citations: String,
    pub(super) model_served: Option<String>,
    pub(super) finish: Option<String>,
    pub(super) error_message: Option<String>,
    pub(super) search_requested: bool,
    pub(super) searches: Option<i64>,
    pub(super) input_tokens: Option<i64>,
    pub(super) output_tokens: Option<i64>,
    pub(super) detector_version: String,
}

fn table_columns() -> Select<answer::Entity> {
    let excerpt = format!("SUBSTR(full_response, 1, {EXCERPT_CHARACTERS})");
    answer::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ProjectId,
            Column::RunId,
            Column::QueryId,
            Column::ModelId,
            Column::LlmProvider,
            Column::ModelRequested,
            Column::AnalysisDate,
            Column::Outcome,
            Column::ErrorClass,
            Column::CostNanoUsd,
            Column::CostKind,
            Column::ResponseTimeMs,
            Column::Simulated,
        ])
        .column_as(Expr::cust(excerpt), "excerpt")
}

fn all_columns() -> Select<answer::Entity> {
    table_columns().columns([
        Column::AskId,
        Column::FullResponse,
        Column::Citations,
        Column::ModelServed,
        Column::Finish,
        Column::ErrorMessage,
        Column::SearchRequested,
        Column::Searches,
        Column::InputTokens,
        Column::OutputTokens,
        Column::DetectorVersion,
    ])
}

/// Rows of a table, in the order of their ids.
pub(super) async fn read_rows(
    connection: &impl ConnectionTrait,
    ids: &[i64],
) -> StoreResult<Vec<TableColumns>> {
    let these = rows::is_one_of(connection, Column::Id, ids.iter().copied());
    let chosen = table_columns().filter(these);
    let found = read(connection, chosen, |row| {
        TableColumns::from_query_result(row, "")
    })
    .await?;
    Ok(in_order(ids, found, |row| row.id))
}

/// Answers of a workspace with their texts, in the order of their ids; those that are not there
/// are left out.
pub(super) async fn read_whole(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    ids: &[AnswerId],
) -> StoreResult<Vec<(TableColumns, TextColumns)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let these = rows::is_one_of(connection, Column::Id, ids.iter().copied());
    let chosen = all_columns()
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(these);
    let found = read(connection, chosen, |row| {
        Ok((
            TableColumns::from_query_result(row, "")?,
            TextColumns::from_query_result(row, "")?,
        ))
    })
    .await?;
    Ok(in_order(&ids, found, |(row, _)| row.id))
}

async fn read<T>(
    connection: &impl ConnectionTrait,
    chosen: Select<answer::Entity>,
    one: impl Fn(&QueryResult) -> Result<T, sea_orm::DbErr>,
) -> StoreResult<Vec<T>> {
    let statement = chosen.build(connection.get_database_backend());
    let found = connection.query_all_raw(statement).await?;
    Ok(found.iter().map(one).collect::<Result<_, _>>()?)
}

fn in_order<T>(ids: &[i64], found: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    let mut by_id: HashMap<i64, T> = found.into_iter().map(|one| (id(&one), one)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
