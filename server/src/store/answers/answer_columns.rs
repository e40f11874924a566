//! What is read of an answer: as a row of a table, or with its text.
//!
//! Invariant: a column that is not shown is not read. Of texts a row has the beginning; what a
//! provider sent is kept to be read anew, and nobody is shown it.

use std::collections::HashMap;

use app::model::answer::CitationView;
use app::model::ids::{AnswerId, WorkspaceId};
use app::model::outcome::{ErrorClass, Outcome};
use app::model::provider::Provider;
use app::model::run::CostKind;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::store::StoreResult;
use crate::store::sql::record::record;
use crate::store::sql::rows;

/// Characters of a text that a row has.
const EXCERPT_CHARACTERS: usize = 160;

record! {
    /// An answer as a row of a table.
    #[derive(Clone, Debug)]
    pub(super) struct TableColumns {
        pub(super) id: i64 = "id",
        pub(super) project_id: i64 = "project_id",
        pub(super) run_id: i64 = "run_id",
        pub(super) query_id: i64 = "query_id",
        pub(super) model_id: i64 = "model_id",
        pub(super) llm_provider: Provider = "llm_provider",
        pub(super) model_requested: String = "model_requested",
        pub(super) analysis_date: DateTime<Utc> = "analysis_date",
        pub(super) outcome: Outcome = "outcome",
        pub(super) error_class: Option<ErrorClass> = "error_class",
        pub(super) cost_nano_usd: i64 = "cost_nano_usd",
        pub(super) cost_kind: CostKind = "cost_kind",
        pub(super) response_time_ms: i64 = "response_time_ms",
        pub(super) simulated: bool = "simulated",
        pub(super) excerpt: String = format!("SUBSTR(full_response, 1, {EXCERPT_CHARACTERS})"),
    }
}

record! {
    /// What an answer has besides, when it is read whole.
    #[derive(Clone, Debug)]
    pub(super) struct TextColumns {
        pub(super) ask_id: i64 = "ask_id",
        pub(super) full_response: String = "full_response",
        pub(super) citations: Vec<CitationView> = "citations",
        pub(super) model_served: Option<String> = "model_served",
        pub(super) finish: Option<String> = "finish",
        pub(super) error_message: Option<String> = "error_message",
        pub(super) search_requested: bool = "search_requested",
        pub(super) searches: Option<i64> = "searches",
        pub(super) input_tokens: Option<i64> = "input_tokens",
        pub(super) output_tokens: Option<i64> = "output_tokens",
        pub(super) detector_version: String = "detector_version",
    }
}

record! {
    struct WholeColumns {
        row: TableColumns as "",
        texts: TextColumns as "",
    }
}

/// Rows of a table, in the order of their ids.
pub(super) async fn read_rows(
    connection: &impl ConnectionTrait,
    ids: &[i64],
) -> StoreResult<Vec<TableColumns>> {
    let rest = format!("FROM llm_monitoring_results WHERE id IN ({})", id_list(ids));
    let found = rows::select(connection, rest, []).await?;
    Ok(in_order(ids, found, |row: &TableColumns| row.id))
}

/// Answers of a workspace with their texts, in the order of their ids; those that are not there
/// are left out.
pub(super) async fn read_whole(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    ids: &[AnswerId],
) -> StoreResult<Vec<(TableColumns, TextColumns)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rest = format!(
        "FROM llm_monitoring_results WHERE workspace_id = $1 AND id IN ({})",
        id_list(&ids)
    );
    let found = rows::select(connection, rest, [workspace_id.0.into()]).await?;
    let whole = in_order(&ids, found, |whole: &WholeColumns| whole.row.id);
    Ok(whole
        .into_iter()
        .map(|whole| (whole.row, whole.texts))
        .collect())
}

fn id_list(ids: &[i64]) -> String {
    rows::id_list(ids.iter().copied())
}

fn in_order<T>(ids: &[i64], found: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    let mut by_id: HashMap<i64, T> = found.into_iter().map(|one| (id(&one), one)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
