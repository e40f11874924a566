//! What came of one question, day by day.

use app::model::ids::{ModelId, ProjectId, PromptId, WorkspaceId};
use app::model::metrics::SnapshotSums;
use app::model::provider::Provider;
use chrono::NaiveDate;
use sea_orm::QueryResult;

use super::columns::{ANSWER_SUMS, columns, read_sums};
use crate::store::sql::decode::provider;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// What came of a question with one model on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptDay {
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// The model.
    pub model_id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub model_name: String,
    /// Whether the question names the brand itself.
    pub is_branded: bool,
    /// Sums.
    pub sums: SnapshotSums,
}

impl Store {
    /// What came of a question within a period, the newest day first, by provider and model.
    pub async fn prompt_days(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        prompt: PromptId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> StoreResult<Vec<PromptDay>> {
        self.prompt(workspace, project, prompt).await?;
        let revision = self.active_revision(workspace, project).await?;
        let sql = format!(
            "SELECT r.day, r.model_id, m.provider, m.model_display_name, r.is_branded, {} \
             FROM llm_monitoring_rollups r JOIN llm_model_registry m ON m.id = r.model_id \
             WHERE r.revision_id = $1 AND r.query_id = $2 AND r.day >= $3 AND r.day <= $4 \
             ORDER BY r.day DESC, m.provider, r.model_id",
            columns("r", &ANSWER_SUMS)
        );
        let values = [
            revision.map_or(0, |revision| revision.0).into(),
            prompt.0.into(),
            from.into(),
            to.into(),
        ];
        let found = rows::all(self.reader(), sql, values).await?;
        found.iter().map(prompt_day).collect()
    }
}

fn prompt_day(row: &QueryResult) -> StoreResult<PromptDay> {
    Ok(PromptDay {
        day: row.try_get_by_index(0)?,
        model_id: ModelId(row.try_get_by_index(1)?),
        provider: provider(&row.try_get_by_index::<String>(2)?)?,
        model_name: row.try_get_by_index(3)?,
        is_branded: row.try_get_by_index(4)?,
        sums: read_sums(row, 5)?,
    })
}
