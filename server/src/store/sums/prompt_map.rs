//! Visibility by prompt and model: where the brand is named, and where it is not.
//!
//! Invariant: reads only, and only the active revision's rollups.

use std::collections::BTreeMap;

use app::model::dashboard::{DashboardQuery, PromptCells, PromptMap};
use app::model::ids::{ModelId, PromptId, WorkspaceId};
use app::model::metrics::Ratio;

use super::columns::{of_models, sum};
use super::weeks::{self, OF_PROMPTS};
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Prompts that are listed; nobody looks at more at once.
const MOST_PROMPTS: usize = 200;

impl Store {
    /// The prompts of a period with the share of answers that mention the brand, model by
    /// model; those that mention it least often come first.
    pub async fn prompt_map(
        &self,
        workspace: WorkspaceId,
        query: &DashboardQuery,
    ) -> StoreResult<PromptMap> {
        project_exists(self.reader(), workspace, query.project_id).await?;
        let revision = self.active_revision(workspace, query.project_id).await?;
        let sql = format!(
            "SELECT t.query_id, q.query_text, t.is_branded, t.model_id, t.mentions, t.answers \
             FROM (SELECT r.query_id, r.is_branded, r.model_id, {} AS mentions, {} AS answers \
                 FROM {} r GROUP BY r.query_id, r.is_branded, r.model_id) t \
             JOIN llm_monitoring_queries q ON q.id = t.query_id WHERE t.answers > 0 \
             ORDER BY q.position, q.id, t.model_id",
            sum("r.mentions"),
            sum("r.answers"),
            weeks::parts(
                OF_PROMPTS,
                "r.query_id, r.model_id, r.is_branded, r.mentions, r.answers",
                &of_models("r", &query.model_ids),
            ),
        );
        let values = weeks::values(self.reader(), revision, query.from, query.to).await?;
        let mut cells: BTreeMap<(PromptId, ModelId), Ratio> = BTreeMap::new();
        let mut map = PromptMap::default();
        for row in rows::all(self.reader(), sql, values).await? {
            let prompt_id = PromptId(row.try_get_by_index(0)?);
            let model = ModelId(row.try_get_by_index(3)?);
            let ratio = Ratio::new(row.try_get_by_index(4)?, row.try_get_by_index(5)?);
            cells.insert((prompt_id, model), ratio);
            if !map.models.contains(&model) {
                map.models.push(model);
            }
            if map
                .prompts
                .last()
                .is_none_or(|last| last.prompt_id != prompt_id)
            {
                map.prompts.push(PromptCells {
                    prompt_id,
                    text: row.try_get_by_index(1)?,
                    is_branded: row.try_get_by_index(2)?,
                    cells: Vec::new(),
                });
            }
        }
        map.models.sort_unstable();
        for prompt in &mut map.prompts {
            let cell = |&model: &ModelId| cells.get(&(prompt.prompt_id, model)).copied();
            prompt.cells = map
                .models
                .iter()
                .map(|model| cell(model).unwrap_or_default())
                .collect();
        }
        map.total = i64::try_from(map.prompts.len()).unwrap_or(i64::MAX);
        // Shares with one denominator for all, so that they compare as whole numbers.
        map.prompts.sort_by(|one, other| {
            let all = |prompt: &PromptCells| prompt.cells.iter().copied().sum::<Ratio>();
            let (one, other) = (all(one), all(other));
            (one.numerator * other.denominator).cmp(&(other.numerator * one.denominator))
        });
        map.prompts.truncate(MOST_PROMPTS);
        Ok(map)
    }
}
