//! Since when questions have their tags.
//!
//! Invariant: the one place that writes tags. The tags of a question and the newest entry of
//! its history are written in one transaction.

use app::model::ids::{ProjectId, PromptId};
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, Value};

use crate::store::StoreResult;
use crate::store::sql::encode::write_list;
use crate::store::sql::rows;

/// Begins the history of each question of a project that has none, when it was made.
pub(super) async fn begin(tx: &DatabaseTransaction, project: ProjectId) -> StoreResult<()> {
    let sql = "INSERT INTO llm_monitoring_tag_history (workspace_id, query_id, starts_at, tags) \
        SELECT q.workspace_id, q.id, q.created_at, q.tags FROM llm_monitoring_queries q \
        WHERE q.project_id = $1 AND NOT EXISTS \
            (SELECT 1 FROM llm_monitoring_tag_history h WHERE h.query_id = q.id) \
        ON CONFLICT (query_id, starts_at) DO NOTHING";
    rows::execute(tx, sql, [project.0.into()]).await?;
    Ok(())
}

/// Gives a question these tags from now on. Tags that it has already begin no entry.
pub(super) async fn set_tags(
    tx: &DatabaseTransaction,
    prompt: PromptId,
    tags: &[String],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let tags = write_list(tags)?;
    let values: [Value; 2] = [prompt.0.into(), tags.into()];
    let entry = "INSERT INTO llm_monitoring_tag_history (workspace_id, query_id, starts_at, tags) \
        SELECT workspace_id, id, $3, $2 FROM llm_monitoring_queries WHERE id = $1 AND tags <> $2 \
        ON CONFLICT (query_id, starts_at) DO UPDATE SET tags = excluded.tags";
    let begun = values.clone().into_iter().chain([now.into()]);
    rows::execute(tx, entry, begun).await?;
    let present = "UPDATE llm_monitoring_queries SET tags = $2 WHERE id = $1";
    rows::execute(tx, present, values).await?;
    Ok(())
}

/// The tags that the question `query_id` had at `moment`, as an expression; both are columns of
/// the query around it. Before the first entry, as in a history that was made up, they are
/// those that it began with; `null` where it has no history.
pub(in crate::store) fn tags_at(query_id: &str, moment: &str) -> String {
    let of_question =
        format!("SELECT h.tags FROM llm_monitoring_tag_history h WHERE h.query_id = {query_id}");
    format!(
        "COALESCE(({of_question} AND h.starts_at <= {moment} ORDER BY h.starts_at DESC LIMIT 1), \
         ({of_question} ORDER BY h.starts_at LIMIT 1))"
    )
}
