//! Which model judges the answers of a workspace, and what judging is like there.

use app::model::ids::{ModelId, WorkspaceId};
use app::model::money::Money;
use app::model::notes::NoteOrigin;
use sea_orm::DatabaseTransaction;

use crate::judge::TypicalAnswer;
use crate::store::projects::chart_notes::{self, SettingChange};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sums::columns::sum;
use crate::store::{Store, StoreError, StoreResult};

/// Answers that the typical one is taken from, of so many last runs.
const SAMPLE: u32 = 500;
const RUNS: u32 = 4;
/// Judged answers from which on what they cost says more than an estimate.
const ENOUGH: i64 = 20;

record! {
    /// Answers that name somebody in their text.
    struct NamingAnswers {
        answers: i64 = "COUNT(DISTINCT t.result_id)",
        mentions: i64 = "COUNT(*)",
        /// Each answer's, once a mention.
        bytes: i64 = sum("t.bytes"),
    }
}

record! {
    /// What a model has judged.
    struct JudgedByModel {
        model: ModelId = "model_id",
        cost: Money = sum("cost_nano_usd"),
        answers: i64 = sum("answers_done"),
    }
}

impl Store {
    /// The model that judges; `None`: nobody does.
    pub async fn judge_model(&self, workspace_id: WorkspaceId) -> StoreResult<Option<ModelId>> {
        let sql = "SELECT judge_model_id FROM workspaces WHERE id = $1";
        rows::value(self.reader(), sql, [workspace_id.0.into()])
            .await?
            .ok_or(StoreError::NotFound)
    }

    /// Chooses a judge, or none. The charts of all projects get a note of it.
    pub async fn save_judge_model(
        &self,
        workspace_id: WorkspaceId,
        model: Option<ModelId>,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let sql = format!(
            "SELECT judge_model_id FROM workspaces WHERE id = $1{}",
            rows::for_update(&tx, "workspaces")
        );
        let before: Option<ModelId> = rows::value(&tx, sql, [workspace_id.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let sql = "UPDATE workspaces SET judge_model_id = $2 WHERE id = $1";
        let values = [workspace_id.0.into(), model.map(|model| model.0).into()];
        rows::execute(&tx, sql, values).await?;
        if before != model {
            let changed = SettingChange {
                origin: NoteOrigin::Judge,
                old: name_of(&tx, before).await?,
                new: name_of(&tx, model).await?,
            };
            chart_notes::note(&tx, workspace_id, None, &changed, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The typical size of answers with a mention in their text, from the workspace's last runs.
    /// `None` if there are none.
    pub async fn typical_answer(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Option<TypicalAnswer>> {
        let rest = format!(
            "FROM \
             (SELECT f.result_id, f.entity_id, LENGTH(a.full_response) AS bytes \
              FROM (SELECT id, full_response FROM llm_monitoring_results \
                  WHERE error_class IS NULL AND run_id IN \
                      (SELECT id FROM llm_monitoring_analysis_runs WHERE workspace_id = $1 \
                       ORDER BY id DESC LIMIT {RUNS}) LIMIT {SAMPLE}) a \
              JOIN llm_monitoring_findings f ON f.result_id = a.id \
              JOIN llm_monitoring_revisions v ON v.id = f.revision_id AND v.status = 'active' \
              WHERE f.source IN ('text', 'both')) t"
        );
        let found: NamingAnswers = rows::select_one(self.reader(), rest, [workspace_id.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let NamingAnswers {
            answers,
            mentions,
            bytes,
        } = found;
        // Each answer counts its bytes once a mention: longer ones name more.
        Ok((answers > 0).then(|| TypicalAnswer {
            bytes: bytes / mentions.max(1),
            entities: (mentions + answers / 2) / answers,
        }))
    }

    /// What 1,000 answers have cost to judge with each model in this workspace, where enough
    /// were.
    pub async fn cost_of_judging(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<(ModelId, Money)>> {
        let rest = "FROM llm_monitoring_judge_passes \
            WHERE workspace_id = $1 GROUP BY model_id ORDER BY model_id";
        let judged: Vec<JudgedByModel> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        let mut found = Vec::new();
        for of in judged {
            if of.answers >= ENOUGH {
                let thousand = i128::from(of.cost.nanos()) * 1_000 / i128::from(of.answers);
                let thousand = i64::try_from(thousand).unwrap_or(i64::MAX);
                found.push((of.model, Money::from_nanos(thousand)));
            }
        }
        Ok(found)
    }
}

/// The name of a judge for people; empty: nobody judges.
async fn name_of(tx: &DatabaseTransaction, model: Option<ModelId>) -> StoreResult<String> {
    let Some(model) = model else {
        return Ok(String::new());
    };
    let sql = "SELECT model_display_name FROM llm_model_registry WHERE id = $1";
    rows::value(tx, sql, [model.0.into()])
        .await?
        .ok_or(StoreError::NotFound)
}
