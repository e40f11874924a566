//! What came of one question, day by day.

use app::model::ids::{ModelId, ProjectId, PromptId, WorkspaceId};
use app::model::metrics::SnapshotSums;
use app::model::provider::Provider;
use chrono::NaiveDate;

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

record! {
    /// What came of a question with one model on one day.
    #[derive(Clone, Debug, PartialEq)]
    pub struct PromptDay {
        /// Day, in the workspace's time zone.
        pub day: NaiveDate = "r.day",
        /// The model.
        pub model_id: ModelId = "r.model_id",
        /// Its provider.
        pub provider: Provider = "m.provider",
        /// Its name for people.
        pub model_name: String = "m.model_display_name",
        /// Whether the question names the brand itself.
        pub is_branded: bool = "r.is_branded",
        /// Sums.
        pub sums: SnapshotSums as "r.",
    }
}

impl Store {
    /// What came of a question within a period, the newest day first, by provider and model.
    pub async fn prompt_days(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        prompt: PromptId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> StoreResult<Vec<PromptDay>> {
        self.prompt(workspace_id, project, prompt).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let rest = "FROM llm_monitoring_rollups r JOIN llm_model_registry m ON m.id = r.model_id \
            WHERE r.revision_id = $1 AND r.query_id = $2 AND r.day >= $3 AND r.day <= $4 \
            ORDER BY r.day DESC, m.provider, r.model_id";
        let values = [
            revision.map_or(0, |revision| revision.0).into(),
            prompt.0.into(),
            from.into(),
            to.into(),
        ];
        rows::select(self.reader(), rest, values).await
    }
}
