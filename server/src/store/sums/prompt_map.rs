//! Visibility by prompt and model: where the brand is named, and where it is not.
//!
//! Invariant: reads only, and only the active revision's rollups.

use std::collections::BTreeMap;

use app::model::dashboard::{DashboardQuery, PromptCells, PromptMap};
use app::model::ids::{ModelId, PromptId, WorkspaceId};
use app::model::metrics::{Ratio, visibility};

use super::columns::sum;
use super::picked::Picked;
use super::weeks::{self, OF_PROMPTS};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Prompts that are listed; nobody looks at more at once.
const MOST_PROMPTS: usize = 200;

record! {
    /// What came of a prompt with one model.
    struct PromptOfModel {
        prompt_id: PromptId = "t.query_id",
        text: String = "q.query_text",
        is_branded: bool = "t.is_branded",
        model: ModelId = "t.model_id",
        mentions: i64 = "t.mentions",
        answers: i64 = "t.answers",
    }
}

impl Store {
    /// The prompts of a period, all or those of `prompts`, with the share of answers that mention
    /// the brand, model by model; those that mention it least often come first.
    pub async fn prompt_map(
        &self,
        workspace_id: WorkspaceId,
        query: &DashboardQuery,
        prompts: Option<&[PromptId]>,
    ) -> StoreResult<PromptMap> {
        project_exists(self.reader(), workspace_id, query.project_id).await?;
        let revision = self.active_revision(workspace_id, query.project_id).await?;
        let picked = Picked {
            models: &query.model_ids,
            prompts,
        };
        let rest = format!(
            "FROM (SELECT r.query_id, r.is_branded, r.model_id, {} AS mentions, {} AS answers \
                 FROM {} r GROUP BY r.query_id, r.is_branded, r.model_id) t \
             JOIN llm_monitoring_queries q ON q.id = t.query_id WHERE t.answers > 0 \
             ORDER BY q.position, q.id, t.model_id",
            sum("r.mentions"),
            sum("r.answers"),
            weeks::parts(
                OF_PROMPTS,
                "r.query_id, r.model_id, r.is_branded, r.mentions, r.answers",
                &picked.condition("r"),
            ),
        );
        let values = weeks::values(self.reader(), revision, query.from, query.to).await?;
        let mut cells: BTreeMap<(PromptId, ModelId), Ratio> = BTreeMap::new();
        let mut map = PromptMap::default();
        let found: Vec<PromptOfModel> = rows::select(self.reader(), rest, values).await?;
        for row in found {
            let ratio = visibility(row.mentions, row.answers);
            cells.insert((row.prompt_id, row.model), ratio);
            if !map.models.contains(&row.model) {
                map.models.push(row.model);
            }
            if map
                .prompts
                .last()
                .is_none_or(|last| last.prompt_id != row.prompt_id)
            {
                map.prompts.push(PromptCells {
                    prompt_id: row.prompt_id,
                    text: row.text,
                    is_branded: row.is_branded,
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
