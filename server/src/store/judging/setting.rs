//! Which model judges the answers of a workspace, and what judging is like there.

use app::model::ids::{ModelId, WorkspaceId};
use app::model::money::Money;

use crate::judge::Typical;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Answers that the typical one is taken from, of so many last runs.
const SAMPLE: u32 = 500;
const RUNS: u32 = 4;
/// Judged answers from which on what they cost says more than an estimate.
const ENOUGH: i64 = 20;

impl Store {
    /// The model that judges; `None`: nobody does.
    pub async fn judge_model(&self, workspace: WorkspaceId) -> StoreResult<Option<ModelId>> {
        let sql = "SELECT judge_model_id FROM workspaces WHERE id = $1";
        let row = rows::one(self.reader(), sql, [workspace.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let model: Option<i64> = row.try_get_by_index(0)?;
        Ok(model.map(ModelId))
    }

    /// Chooses a judge, or none.
    pub async fn save_judge_model(
        &self,
        workspace: WorkspaceId,
        model: Option<ModelId>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let sql = "UPDATE workspaces SET judge_model_id = $2 WHERE id = $1";
        let values = [workspace.0.into(), model.map(|model| model.0).into()];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }

    /// What answers of the workspace's last runs are like that name somebody in their text; `None`
    /// where there is none.
    pub async fn typical_answer(&self, workspace: WorkspaceId) -> StoreResult<Option<Typical>> {
        let sql = format!(
            "SELECT COUNT(DISTINCT t.result_id), COUNT(*), \
             CAST(COALESCE(SUM(t.bytes), 0) AS BIGINT) FROM \
             (SELECT f.result_id, f.entity_id, LENGTH(a.full_response) AS bytes \
              FROM (SELECT id, full_response FROM llm_monitoring_results \
                  WHERE error_class IS NULL AND run_id IN \
                      (SELECT id FROM llm_monitoring_analysis_runs WHERE workspace_id = $1 \
                       ORDER BY id DESC LIMIT {RUNS}) LIMIT {SAMPLE}) a \
              JOIN llm_monitoring_findings f ON f.result_id = a.id \
              JOIN llm_monitoring_revisions v ON v.id = f.revision_id AND v.status = 'active' \
              WHERE f.source IN ('text', 'both')) t"
        );
        let row = rows::one(self.reader(), sql, [workspace.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let (answers, mentions, bytes): (i64, i64, i64) = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        );
        // Each answer counts its bytes once a mention: longer ones name more.
        Ok((answers > 0).then(|| Typical {
            bytes: bytes / mentions.max(1),
            entities: (mentions + answers / 2) / answers,
        }))
    }

    /// What 1,000 answers have cost to judge with each model in this workspace, where enough
    /// were.
    pub async fn cost_of_judging(
        &self,
        workspace: WorkspaceId,
    ) -> StoreResult<Vec<(ModelId, Money)>> {
        let sql = "SELECT model_id, CAST(SUM(cost_nano_usd) AS BIGINT), \
            CAST(SUM(answers_done) AS BIGINT) FROM llm_monitoring_judge_passes \
            WHERE workspace_id = $1 GROUP BY model_id ORDER BY model_id";
        let mut found = Vec::new();
        for row in rows::all(self.reader(), sql, [workspace.0.into()]).await? {
            let (cost, answers): (i64, i64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            if answers >= ENOUGH {
                let thousand = i128::from(cost) * 1_000 / i128::from(answers);
                let thousand = i64::try_from(thousand).unwrap_or(i64::MAX);
                found.push((
                    ModelId(row.try_get_by_index(0)?),
                    Money::from_nanos(thousand),
                ));
            }
        }
        Ok(found)
    }
}
